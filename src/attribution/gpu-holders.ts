import type { GpuDevice } from '../gpu/source.ts';
import { DeviceTable } from './devices/device-table.ts';
import { findDevice, unmappedReasons, type UnmappedReason } from './devices/find-device.ts';
import type { HeldDevice } from './held-device.ts';

export { unmappedReasons, type UnmappedReason } from './devices/find-device.ts';

/** A container that holds a GPU, a share of it or a MIG device of it. */
export interface GpuHolder {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly resource: string;
  readonly migUuid?: string;
  /** Name of the claim by which it is held; absent: by a device plugin. */
  readonly claim?: string;
}

export interface GpuHolders {
  /** By UUID of the GPU, each container once for each resource, MIG device and claim; a GPU that nobody holds is absent. */
  readonly byUuid: ReadonlyMap<string, readonly GpuHolder[]>;
  /** Held devices for which no GPU was found; null while it is not known who holds what. */
  readonly unmapped: Readonly<Record<UnmappedReason, number>> | null;
}

export const unknownHolders: GpuHolders = { byUuid: new Map(), unmapped: null };

/** Who holds which of these GPUs. */
export function gpuHolders(held: readonly HeldDevice[], gpus: readonly GpuDevice[]): GpuHolders {
  const table = new DeviceTable(gpus);
  const byUuid = new Map<string, GpuHolder[]>();
  const unmapped = Object.fromEntries(unmappedReasons.map((reason) => [reason, 0])) as Record<
    UnmappedReason,
    number
  >;
  const seen = new Set<string>();
  for (const device of held) {
    const found = findDevice(device, table);
    if (typeof found === 'string') {
      unmapped[found] += 1;
      continue;
    }
    const { namespace, pod, container, resource, claim } = device;
    const { uuid, migUuid } = found;
    // Several shares of a GPU in one container are one holder.
    const key = [uuid, namespace, pod, container, resource, migUuid, claim?.name].join('\n');
    if (seen.has(key)) continue;
    seen.add(key);
    const holders = byUuid.get(uuid) ?? [];
    byUuid.set(uuid, holders);
    holders.push({
      namespace,
      pod,
      container,
      resource,
      ...(migUuid !== undefined && { migUuid }),
      ...(claim !== undefined && { claim: claim.name }),
    });
  }
  return { byUuid, unmapped };
}

/** The same, made anew only when the list or the GPUs are others than last time. */
export class GpuHoldersCache {
  #held: readonly HeldDevice[] | null = null;
  #gpus: readonly GpuDevice[] = [];
  #made = unknownHolders;

  /** `held` null: not known. */
  of(held: readonly HeldDevice[] | null, gpus: readonly GpuDevice[]): GpuHolders {
    if (held === null) return unknownHolders;
    if (held === this.#held && areSame(gpus, this.#gpus)) return this.#made;
    this.#held = held;
    this.#gpus = gpus;
    this.#made = gpuHolders(held, gpus);
    return this.#made;
  }
}

/** Device objects live as long as nothing about them changes. */
function areSame(a: readonly GpuDevice[], b: readonly GpuDevice[]): boolean {
  return a.length === b.length && a.every((gpu, i) => gpu === b[i]);
}
