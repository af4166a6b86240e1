import type { GpuDevice } from '../source.ts';
import type { FunctionName } from './declarations.ts';
import type { DeviceCalls } from './device-calls.ts';
import { renewMigDevices } from './mig-devices.ts';
import { memoryInfo } from './memory-tier.ts';
import { codes } from './return-codes.ts';
import { readText } from './texts.ts';

/** Where nvmlPciInfo_t holds the bus id: 32 characters after two ids and a domain. */
const pciInfoBytes = 68;
const busIdOffset = 36;

/**
 * Fills in the facts of a GPU whose UUID is known, one call after the other; what a driver does not tell stays absent.
 * A GPU that fails half way (DeviceDown) keeps what was found until then.
 */
export async function describeDevice(calls: DeviceCalls): Promise<void> {
  const add = (facts: Partial<GpuDevice>): void => {
    calls.device.facts = { ...calls.device.facts, ...facts };
  };
  // First what is needed to find the GPU again.
  const pci = Buffer.alloc(pciInfoBytes);
  if ((await calls.call('nvmlDeviceGetPciInfo_v3', pci)) === codes.ok) {
    add({ pciBusId: readText(pci.subarray(busIdOffset)) });
  }
  const model = await text(calls, 'nvmlDeviceGetName');
  if (model !== undefined) add({ model });
  const serial = await text(calls, 'nvmlDeviceGetSerial');
  // Boards without a serial number answer 0.
  if (serial !== undefined && serial !== '0') add({ serial });
  const vbiosVersion = await text(calls, 'nvmlDeviceGetVbiosVersion');
  if (vbiosVersion !== undefined) add({ vbiosVersion });
  const minorNumber = await number(calls, 'nvmlDeviceGetMinorNumber');
  if (minorNumber !== undefined) add({ minorNumber });
  const pcieGenerationMax = await number(calls, 'nvmlDeviceGetMaxPcieLinkGeneration');
  if (pcieGenerationMax !== undefined) add({ pcieGenerationMax });
  const pcieWidthMax = await number(calls, 'nvmlDeviceGetMaxPcieLinkWidth');
  if (pcieWidthMax !== undefined) add({ pcieWidthMax });
  const milliwatts = await number(calls, 'nvmlDeviceGetEnforcedPowerLimit');
  if (milliwatts !== undefined) add({ powerLimitWatts: milliwatts / 1000 });
  const capability = await pair(calls, 'nvmlDeviceGetCudaComputeCapability');
  if (capability !== undefined) add({ computeCapability: `${capability[0]}.${capability[1]}` });
  const mig = await pair(calls, 'nvmlDeviceGetMigMode');
  if (mig !== undefined) add({ migEnabled: mig[0] === 1 });
  await renewMigDevices(calls);
  const memory = await memoryInfo(calls);
  if (typeof memory !== 'string') add({ memoryTotalBytes: memory.totalBytes });
}

/** A text reading of a GPU; undefined where it has none. */
export async function text(calls: DeviceCalls, name: FunctionName): Promise<string | undefined> {
  const buffer = Buffer.alloc(96);
  const code = await calls.call(name, buffer, buffer.length);
  const value = code === codes.ok ? readText(buffer) : '';
  return value === '' ? undefined : value;
}

async function number(calls: DeviceCalls, name: FunctionName): Promise<number | undefined> {
  const buffer = Buffer.alloc(4);
  return (await calls.call(name, buffer)) === codes.ok ? buffer.readUInt32LE() : undefined;
}

async function pair(calls: DeviceCalls, name: FunctionName): Promise<[number, number] | undefined> {
  const [first, second] = [Buffer.alloc(4), Buffer.alloc(4)];
  const code = await calls.call(name, first, second);
  return code === codes.ok ? [first.readInt32LE(), second.readInt32LE()] : undefined;
}
