import type { GpuDevice } from '../../gpu/source.ts';

/** A GPU, or a part of one, that a device id stands for. */
export interface FoundDevice {
  /** Of the whole GPU. */
  readonly uuid: string;
  readonly migUuid?: string;
}

/** Finds GPUs by whatever device plugins and drivers call them. UUIDs and bus ids are compared without regard to case. */
export class DeviceTable {
  readonly #byUuid = new Map<string, FoundDevice>();
  readonly #byIndex = new Map<number, FoundDevice>();
  readonly #byMinor = new Map<number, FoundDevice>();
  readonly #byBusId = new Map<string, FoundDevice>();
  /** `UUID/GPU instance`; of the instances that have one compute instance only. */
  readonly #byInstance = new Map<string, FoundDevice | null>();

  constructor(gpus: readonly GpuDevice[]) {
    for (const { uuid, index, minorNumber, pciBusId, migDevices = [] } of gpus) {
      const found = { uuid };
      this.#byUuid.set(uuid.toLowerCase(), found);
      this.#byIndex.set(index, found);
      if (minorNumber !== undefined) this.#byMinor.set(minorNumber, found);
      if (pciBusId !== undefined) this.#byBusId.set(shortBusId(pciBusId), found);
      for (const part of migDevices) {
        if (part.uuid === undefined) continue;
        const foundPart = { uuid, migUuid: part.uuid };
        this.#byUuid.set(part.uuid.toLowerCase(), foundPart);
        if (part.gpuInstanceId === undefined) continue;
        const key = `${uuid}/${part.gpuInstanceId}`;
        this.#byInstance.set(key, this.#byInstance.has(key) ? null : foundPart);
      }
    }
  }

  uuid(uuid: string): FoundDevice | undefined {
    return this.#byUuid.get(uuid.toLowerCase());
  }

  index(index: number): FoundDevice | undefined {
    return this.#byIndex.get(index);
  }

  /** By the number of /dev/nvidiaN; by the index where the source knows no minor numbers (they agree on most nodes). */
  minor(minor: number): FoundDevice | undefined {
    return this.#byMinor.size > 0 ? this.#byMinor.get(minor) : this.#byIndex.get(minor);
  }

  /** `0000:3b:00.0`, with any number of digits in front of the first colon. */
  busId(busId: string): FoundDevice | undefined {
    return this.#byBusId.get(shortBusId(busId));
  }

  /** The GPU instance of a GPU, as MIG device where there is just one in it; else the GPU. */
  instance(gpu: FoundDevice, gpuInstanceId: number): FoundDevice {
    return this.#byInstance.get(`${gpu.uuid}/${gpuInstanceId}`) ?? gpu;
  }
}

/** Drivers write the domain with eight digits, the kernel with four. */
function shortBusId(busId: string): string {
  return busId.toLowerCase().replace(/^0+(?=[0-9a-f]{4}:)/, '');
}
