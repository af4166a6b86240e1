import type { HeldDevice } from '../held-device.ts';
import type { DeviceTable, FoundDevice } from './device-table.ts';

/** Why no GPU could be found for a device that a container holds. */
export const unmappedReasons = ['unknown_gpu', 'unknown_mig', 'unknown_form'] as const;
/**
 * unknown_gpu: well-formed, and the source does not have such a GPU; unknown_mig: a MIG device whose GPU the source cannot tell;
 * unknown_form: an id that says nothing about a GPU.
 */
export type UnmappedReason = (typeof unmappedReasons)[number];

/** The GPU that a held device is, or is a part of. */
export function findDevice(held: HeldDevice, table: DeviceTable): FoundDevice | UnmappedReason {
  if (held.claim === undefined) return byId(held.deviceId, held.resource, table);
  // The names of the container device interface are the driver's to choose, so the device's own comes first.
  const found = byClaimedName(held.deviceId, table);
  if (typeof found !== 'string') return found;
  for (const name of held.claim.cdiNames) {
    const byCdi = byClaimedName(name.slice(name.indexOf('=') + 1), table);
    if (typeof byCdi !== 'string') return byCdi;
  }
  return found;
}

/** Ids of device plugins. */
function byId(id: string, resource: string, table: DeviceTable): FoundDevice | UnmappedReason {
  const byUuid = byUuidOf(id, table);
  if (byUuid !== undefined) return byUuid;
  // Google's plugin: /dev/nvidiaN, a GPU instance of it, a share of either.
  const node = /^nvidia(\d+)(?:\/gi(\d+))?(?:\/vgpu\d+)?$/.exec(id);
  if (node !== null) {
    const gpu = table.minor(Number(node[1]));
    if (gpu === undefined) return 'unknown_gpu';
    return node[2] === undefined ? gpu : table.instance(gpu, Number(node[2]));
  }
  if (/^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/i.test(id)) {
    return table.busId(id) ?? 'unknown_gpu';
  }
  // A bare number may be the port of a network card as well, so the resource must say that it is a GPU.
  const bare = /^(\d{1,4})(?:::\d+)?$/.exec(id);
  if (bare !== null && /gpu/i.test(resource)) {
    return table.index(Number(bare[1])) ?? 'unknown_gpu';
  }
  if (/^MIG-/i.test(id)) return 'unknown_mig';
  return /^GPU-/i.test(id) ? 'unknown_gpu' : 'unknown_form';
}

/** `GPU-…`, `MIG-…`, and what sharing puts behind them: `::N` (NVIDIA's plugin), `-N` (HAMi). */
function byUuidOf(id: string, table: DeviceTable): FoundDevice | undefined {
  const found =
    table.uuid(id) ??
    table.uuid(id.replace(/::\d+$/, '')) ??
    table.uuid(id.replace(/-\d{1,4}$/, ''));
  if (found !== undefined) return found;
  // Drivers before 470 put the GPU into the name of the part: MIG-GPU-…/GPU instance/compute instance.
  const old = /^MIG-(GPU-[0-9a-f-]+)\/(\d+)\/\d+(?:::\d+)?$/i.exec(id);
  const gpu = old === null ? undefined : table.uuid(old[1] ?? '');
  return gpu === undefined ? undefined : table.instance(gpu, Number(old?.[2]));
}

/**
 * Devices of claims: NVIDIA's driver names them `gpu-MINOR` and `gpu-MINOR-mig-PROFILE-START-SIZE` (older: `…-GI-…`, so that the
 * instance is not read from it), in the container device interface with the claim's UID before it; others use UUID or index.
 */
function byClaimedName(name: string, table: DeviceTable): FoundDevice | UnmappedReason {
  const byUuid = byUuidOf(name, table);
  if (byUuid !== undefined) return byUuid;
  const minor = /(?:^|-)gpu-(\d+)(?:-mig-\d+-\d+-\d+)?$/.exec(name);
  if (minor !== null) return table.minor(Number(minor[1])) ?? 'unknown_gpu';
  if (/^\d{1,4}$/.test(name)) return table.index(Number(name)) ?? 'unknown_gpu';
  if (/^MIG-/i.test(name)) return 'unknown_mig';
  return /^GPU-/i.test(name) ? 'unknown_gpu' : 'unknown_form';
}
