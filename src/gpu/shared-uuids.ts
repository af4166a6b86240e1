import { uuidAt } from './source.ts';
import type { GpuDevice } from './source.ts';

/**
 * Tells GPUs apart whose driver gives them one UUID (cards with cloned firmware, some virtual machines): by PCI address, or by index without
 * one. A UUID that several had keeps being told apart when one of them is gone, so that none changes its name.
 */
export class SharedUuids {
  readonly #shared = new Set<string>();
  readonly #onFound: (uuid: string, devices: readonly GpuDevice[]) => void;

  /** `onFound` is called once per UUID. */
  constructor(onFound: (uuid: string, devices: readonly GpuDevice[]) => void) {
    this.#onFound = onFound;
  }

  /** The name of each of the devices that are there at one moment, in their order. */
  namesOf(devices: readonly GpuDevice[]): readonly string[] {
    for (const [uuid, same] of Map.groupBy(devices, (device) => device.uuid)) {
      if (same.length < 2 || this.#shared.has(uuid)) continue;
      this.#shared.add(uuid);
      this.#onFound(uuid, same);
    }
    return devices.map((device) =>
      this.#shared.has(device.uuid)
        ? uuidAt(device.uuid, device.pciBusId ?? device.index)
        : device.uuid,
    );
  }
}
