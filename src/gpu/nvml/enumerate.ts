import { createBackoff } from '../../lib/backoff.ts';
import type { Clock } from '../../lib/clock.ts';
import type { GpuDevice } from '../source.ts';
import { describeDevice, text } from './describe-device.ts';
import { newDevice } from './device.ts';
import type { NvmlDevice } from './device.ts';
import { DeviceCalls, DeviceDown } from './device-calls.ts';
import { takeDown } from './device-loss.ts';
import { CallHung } from './driver-calls.ts';
import type { DriverCalls } from './driver-calls.ts';
import { codes, concernsWholeSource, describeCode, sourceErrorOf } from './return-codes.ts';

export interface EnumerateOptions {
  readonly calls: DriverCalls;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly returnProbe: { readonly baseMs: number; readonly capMs: number };
  /** What an earlier enumeration of this process knew: a GPU that cannot be reached now is recognised by its index. */
  readonly previous: readonly GpuDevice[];
  readonly driverVersion: string | undefined;
  readonly cudaVersion: string | undefined;
}

/** A GPU that answers and cannot even be named. */
export interface Unnamed {
  readonly index: number;
  readonly code: number;
  readonly detail: string;
}

/** The GPU with this index; one that fails and has been known before comes back as down, any other as unnamed. */
export async function enumerateOne(
  index: number,
  options: EnumerateOptions,
): Promise<NvmlDevice | Unnamed> {
  const { calls, signal, clock, previous } = options;
  const backoff = createBackoff(options.returnProbe);
  const known = previous.find((device) => device.index === index);
  const found = Buffer.alloc(8);
  let down: DeviceDown;
  let code: number = codes.timeout;
  try {
    code = await calls.call('nvmlDeviceGetHandleByIndex_v2', [index, found], signal);
    if (code === codes.ok) return await describe(found.readBigUInt64LE());
    // A GPU that is not found concerns only itself here.
    if (concernsWholeSource(code) && code !== codes.gpuNotFound) {
      throw sourceErrorOf(code, 'nvmlDeviceGetHandleByIndex_v2');
    }
    const detail = `nvmlDeviceGetHandleByIndex_v2 returned ${describeCode(code)}`;
    down = new DeviceDown({ up: false, reason: 'gpu_lost', detail });
  } catch (error) {
    if (error instanceof DeviceDown) down = error;
    else if (error instanceof CallHung) {
      const status = { up: false, reason: 'call_hung', detail: error.message } as const;
      down = new DeviceDown(status, error.returned);
    } else throw error;
  }
  if (known === undefined) return { index, code, detail: down.message };
  const device = newDevice(known, 0n, backoff);
  // Without a handle it must be found anew, whatever the reason.
  device.gone = true;
  device.status = down.status;
  takeDown(device, down, clock);
  return device;

  async function describe(handle: bigint): Promise<NvmlDevice> {
    const device = newDevice({ index, uuid: '', model: 'unknown' }, handle, backoff);
    const deviceCalls = new DeviceCalls(device, calls, signal);
    const uuid = await text(deviceCalls, 'nvmlDeviceGetUUID');
    if (uuid === undefined) {
      const detail = 'nvmlDeviceGetUUID gave no UUID';
      throw new DeviceDown({ up: false, reason: 'unknown_error', detail });
    }
    const { driverVersion, cudaVersion } = options;
    device.facts = {
      ...(known?.uuid === uuid ? known : { index, model: 'unknown' }),
      uuid,
      ...(driverVersion !== undefined && { driverVersion }),
      ...(cudaVersion !== undefined && { cudaVersion }),
    };
    try {
      await describeDevice(deviceCalls);
    } catch (error) {
      if (!(error instanceof DeviceDown)) throw error;
      takeDown(device, error, clock);
    }
    return device;
  }
}
