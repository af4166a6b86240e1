import type { Clock } from '../../lib/clock.ts';
import type { GpuDevice } from '../source.ts';
import { SourceError } from '../source.ts';
import type { NvmlDevice } from './device.ts';
import { driverFacts } from './driver-facts.ts';
import { CallHung } from './driver-calls.ts';
import type { DriverCalls } from './driver-calls.ts';
import { enumerateOne } from './enumerate.ts';
import type { Enumerated, EnumerateOptions } from './enumerate.ts';
import { codes, sourceErrorOf } from './return-codes.ts';
import { isUnnamed } from './unnamed.ts';

export interface OpenOptions {
  readonly clock: Clock;
  readonly initDeadlineMs: number;
  readonly returnProbe: { readonly baseMs: number; readonly capMs: number };
  /** Devices of the last time this process had the driver open. */
  readonly previous: readonly GpuDevice[];
}

export interface OpenedDriver {
  readonly devices: NvmlDevice[];
  readonly enumerateOptions: Omit<EnumerateOptions, 'signal'>;
}

/** Initialises the library and enumerates the GPUs once; undone again when it fails. */
export async function openDriver(
  calls: DriverCalls,
  signal: AbortSignal,
  options: OpenOptions,
): Promise<OpenedDriver> {
  if (calls.isStuck) throw stuck(calls);
  await initialise(calls, signal, options);
  try {
    const enumerateOptions = { ...options, calls, ...(await driverFacts(calls, signal)) };
    const found: Enumerated[] = [];
    const count = await deviceCount(calls, signal);
    for (let index = 0; index < count; index += 1) {
      if (calls.isStuck) throw stuck(calls);
      found.push(await enumerateOne(index, { ...enumerateOptions, signal }));
    }
    const devices = found.map(({ device }) => device);
    if (devices.every((device) => isUnnamed(device) && !isLost(device))) throw noGpu(found[0]);
    return { devices, enumerateOptions };
  } catch (error) {
    await shutDown(calls, options.clock);
    if (error instanceof CallHung) throw hangs(error);
    throw error;
  }
}

/** Gives the library back, unless a call is still under way (shutting down beneath it is not safe) or giving it back hangs. */
export async function shutDown(calls: DriverCalls, clock: Clock): Promise<void> {
  for (let tries = 0; calls.unreturnedCount > 0 && tries < 10; tries += 1) await clock.sleep(20);
  if (calls.unreturnedCount > 0) return;
  try {
    await calls.call('nvmlShutdown', [], new AbortController().signal);
  } catch (error) {
    if (!(error instanceof CallHung)) throw error;
  }
}

async function initialise(
  calls: DriverCalls,
  signal: AbortSignal,
  options: OpenOptions,
): Promise<void> {
  let code: number;
  try {
    code = await calls.call('nvmlInit_v2', [], signal, options.initDeadlineMs);
  } catch (error) {
    throw error instanceof CallHung ? hangs(error) : error;
  }
  if (code === codes.ok) return;
  const failure = sourceErrorOf(code, 'nvmlInit_v2');
  // It worked before in this process: the devices were taken from the container, and only a new one gets them back.
  const hasLostDevices = code === codes.unknown && options.previous.length > 0;
  if (!hasLostDevices) throw failure;
  throw new SourceError(failure.code, failure.message, {
    hint: 'The container has probably lost its right to the GPU devices: it must be recreated.',
    fatal: true,
  });
}

async function deviceCount(calls: DriverCalls, signal: AbortSignal): Promise<number> {
  const count = Buffer.alloc(4);
  const code = await calls.call('nvmlDeviceGetCount_v2', [count], signal);
  if (code !== codes.ok) throw sourceErrorOf(code, 'nvmlDeviceGetCount_v2');
  return count.readUInt32LE();
}

/** Of a GPU that is lost the driver says so; any other refusal of all of them rather concerns this process. */
function isLost({ status }: NvmlDevice): boolean {
  return !status.up && (status.reason === 'gpu_lost' || status.reason === 'reset_required');
}

function noGpu(refused: Enumerated | undefined): SourceError {
  if (refused?.refusedWith === codes.noPermission) {
    return sourceErrorOf(refused.refusedWith, 'nvmlDeviceGetHandleByIndex_v2');
  }
  const status = refused?.device.status;
  const message =
    status === undefined || status.up
      ? 'The NVIDIA driver works and has no GPU'
      : `The NVIDIA driver works and none of its GPUs can be reached: ${status.detail}`;
  return new SourceError('no_gpu', message, {
    hint: 'In a container, see that it may use GPUs (NVIDIA_VISIBLE_DEVICES=all); on the host, see lspci and the kernel log.',
  });
}

const hangHint =
  'See the kernel log (dmesg, "NVRM", "Xid"); usually only a reset of the GPU or of the node helps.';

function hangs(error: CallHung): SourceError {
  return new SourceError('timeout', `The driver hangs: ${error.message}`, {
    cause: error,
    hint: hangHint,
  });
}

function stuck(calls: DriverCalls): SourceError {
  const message = `${calls.hungCount} driver calls have not returned; no more are made until one does`;
  return new SourceError('timeout', message, { hint: hangHint });
}
