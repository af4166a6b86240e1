import { unknownModel, type GpuDevice } from '../gpu/source.ts';
import type { InstanceDevice } from '../sampling/snapshot.ts';
import type { Labels } from './family.ts';

/** The labels of a device in each dialect, made once per device object so that their text can be kept. */
export interface DeviceLabels {
  native(device: GpuDevice): Labels;
  dcgm(device: GpuDevice): Labels;
}

/** `node`: name of the Kubernetes node (or host), the same for every series. */
export function createDeviceLabels(node: string): DeviceLabels {
  return {
    native: once((device: GpuDevice | InstanceDevice) => ({
      node,
      gpu: String(device.index),
      uuid: device.uuid,
      ...('instance' in device ? instanceLabels(device) : {}),
    })),
    dcgm: once((device) => ({
      gpu: String(device.index),
      UUID: device.uuid,
      ...(device.pciBusId === undefined ? {} : { pci_bus_id: device.pciBusId }),
      device: `nvidia${device.minorNumber ?? device.index}`,
      ...(device.model === unknownModel ? {} : { modelName: device.model }),
      Hostname: node,
      ...(device.driverVersion === undefined
        ? {}
        : { DCGM_FI_DRIVER_VERSION: device.driverVersion }),
    })),
  };
}

function instanceLabels({ instance }: InstanceDevice): Labels {
  const { gpuInstanceId, profile } = instance;
  return {
    gpu_instance_id: String(gpuInstanceId),
    ...(profile === undefined ? {} : { profile }),
  };
}

function once(make: (device: GpuDevice) => Labels): (device: GpuDevice) => Labels {
  const made = new WeakMap<GpuDevice, Labels>();
  return (device) => {
    let labels = made.get(device);
    if (labels === undefined) {
      labels = make(device);
      made.set(device, labels);
    }
    return labels;
  };
}
