import { SourceError } from '../source.ts';
import { upStatus } from './device.ts';
import type { NvmlDevice } from './device.ts';
import type { DeviceCalls } from './device-calls.ts';
import { codes, describeCode } from './return-codes.ts';

/** So many reads in a row must be refused before a GPU counts as down: one odd answer is a missing reading. */
const downAfter = 3;
/** And so many on every GPU before the whole source gives up. */
const fatalAfter = 5;

/** After one read: sets the status by whether the GPU answered anything at all. */
export function settleRefusals(calls: DeviceCalls): void {
  const { device, refusedWith } = calls;
  if (refusedWith === undefined) {
    if (!calls.answered) return;
    device.refusals = 0;
    device.status = upStatus;
    return;
  }
  device.refusals += 1;
  if (device.refusals < downAfter) return;
  device.status = {
    up: false,
    reason: refusedWith === codes.unknown ? 'unknown_error' : 'no_permission',
    detail: `Every call of ${device.refusals} reads returned ${describeCode(refusedWith)}`,
  };
}

/**
 * The error to throw when every GPU that is there answers only "unknown error", read after read. That is what is seen in a container whose
 * device rules were dropped (by `systemctl daemon-reload`, for one): only a new container gets them back.
 */
export function allRefuse(devices: readonly NvmlDevice[]): SourceError | undefined {
  const present = devices.filter((device) => !device.gone && !device.hung);
  const isRefused = (device: NvmlDevice): boolean =>
    device.refusals >= fatalAfter && !device.status.up && device.status.reason === 'unknown_error';
  if (present.length === 0 || !present.every((device) => isRefused(device))) return undefined;
  return new SourceError('driver_error', 'Every GPU answers only with an unknown error', {
    hint: 'The container has probably lost its right to the GPU devices (a known effect of systemctl daemon-reload): it must be recreated.',
    fatal: true,
  });
}
