import type { Clock } from '../../lib/clock.ts';
import { SourceError, uuidAt } from '../source.ts';
import type { GpuDevice } from '../source.ts';
import type { NvmlDevice } from './device.ts';
import { revive } from './device.ts';
import { DeviceDown, goneStatus } from './device-calls.ts';
import { CallHung } from './driver-calls.ts';
import type { DriverCalls } from './driver-calls.ts';
import { codes, sourceErrorOf } from './return-codes.ts';
import { readText } from './texts.ts';

/** Writes down that a GPU gives nothing more: until its call returns, or until it has been found again. */
export function takeDown(device: NvmlDevice, down: DeviceDown, clock: Clock): void {
  const isLoss = down.returned === undefined;
  if (isLoss || !device.gone) device.status = down.status;
  if (isLoss && !device.gone) {
    device.gone = true;
    device.nextReturnProbeMs = clock.monotonicMs() + device.returnBackoff.nextMs();
  }
  if (down.returned === undefined) return;
  device.hung = true;
  void down.returned.then((code) => {
    device.hung = false;
    const gone = goneStatus(code, 'a call that had hung');
    if (gone !== undefined) takeDown(device, new DeviceDown(gone), clock);
  });
}

const fatalInProbe = new Set<number>([
  codes.uninitialised,
  codes.driverNotLoaded,
  codes.versionMismatch,
]);

/**
 * Looks for a GPU that is gone, by its PCI bus id and never by its old handle; with back-off, so mostly it does nothing.
 * True: it is back with a fresh handle.
 * @throws {SourceError} when another GPU stands in its place, or the whole source fails
 * @throws {DeviceDown} when the look-up itself hangs
 */
export async function hasReturned(
  device: NvmlDevice,
  calls: DriverCalls,
  signal: AbortSignal,
  clock: Clock,
): Promise<boolean> {
  if (clock.monotonicMs() < device.nextReturnProbeMs) return false;
  device.nextReturnProbeMs = clock.monotonicMs() + device.returnBackoff.nextMs();
  const found = Buffer.alloc(8);
  const uuid = Buffer.alloc(96);
  try {
    if ((await lookUp(device, calls, signal, found)) !== codes.ok) return false;
    const handle = found.readBigUInt64LE();
    const code = await probe(calls, signal, 'nvmlDeviceGetUUID', [handle, uuid, uuid.length]);
    if (code !== codes.ok) return false;
    const foundUuid = readText(uuid);
    if (!isNamed(device.facts, foundUuid)) {
      throw new SourceError(
        'driver_error',
        `Where ${device.facts.uuid} was, ${foundUuid} is now: the GPUs are enumerated anew`,
      );
    }
    revive(device, handle);
    return true;
  } catch (error) {
    if (!(error instanceof CallHung)) throw error;
    throw new DeviceDown({ up: false, reason: 'call_hung', detail: error.message }, error.returned);
  }
}

/** Whether the driver's UUID is the one that this GPU goes by. */
function isNamed({ uuid, pciBusId, index }: GpuDevice, driverUuid: string): boolean {
  return uuid === driverUuid || uuid === uuidAt(driverUuid, pciBusId ?? index);
}

function lookUp(
  device: NvmlDevice,
  calls: DriverCalls,
  signal: AbortSignal,
  found: Buffer,
): Promise<number> {
  const { pciBusId, uuid } = device.facts;
  if (pciBusId !== undefined && calls.has('nvmlDeviceGetHandleByPciBusId_v2')) {
    return probe(calls, signal, 'nvmlDeviceGetHandleByPciBusId_v2', [pciBusId, found]);
  }
  if (calls.has('nvmlDeviceGetHandleByUUID')) {
    return probe(calls, signal, 'nvmlDeviceGetHandleByUUID', [uuid, found]);
  }
  return probe(calls, signal, 'nvmlDeviceGetHandleByIndex_v2', [device.facts.index, found]);
}

async function probe(
  calls: DriverCalls,
  signal: AbortSignal,
  name: Parameters<DriverCalls['call']>[0],
  args: Parameters<DriverCalls['call']>[1],
): Promise<number> {
  const code = await calls.call(name, args, signal);
  if (fatalInProbe.has(code)) throw sourceErrorOf(code, name);
  return code;
}
