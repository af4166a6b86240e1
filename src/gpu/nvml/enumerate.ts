import { createBackoff } from '../../lib/backoff.ts';
import type { Clock } from '../../lib/clock.ts';
import { standInUuid, unknownModel } from '../source.ts';
import type { GpuDevice, GpuStatus } from '../source.ts';
import { describeDevice, text } from './describe-device.ts';
import { newDevice } from './device.ts';
import type { NvmlDevice } from './device.ts';
import { DeviceCalls, DeviceDown, goneStatus } from './device-calls.ts';
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

/** The GPU with this index and, where its handle or its UUID was refused, the code; it is then down, under the UUID of before or a stand-in. */
export interface Enumerated {
  readonly device: NvmlDevice;
  readonly refusedWith?: number;
}

export async function enumerateOne(index: number, options: EnumerateOptions): Promise<Enumerated> {
  const { calls, signal, clock, previous } = options;
  const backoff = createBackoff(options.returnProbe);
  const known = previous.find((device) => device.index === index);
  const { driverVersion, cudaVersion } = options;
  const versions = {
    ...(driverVersion !== undefined && { driverVersion }),
    ...(cudaVersion !== undefined && { cudaVersion }),
  };
  const found = Buffer.alloc(8);
  let down: DeviceDown;
  let code: number = codes.timeout;
  try {
    code = await calls.call('nvmlDeviceGetHandleByIndex_v2', [index, found], signal);
    if (code === codes.ok) return { device: await describe(found.readBigUInt64LE()) };
    // A GPU that is not found concerns only itself here.
    if (concernsWholeSource(code) && code !== codes.gpuNotFound) {
      throw sourceErrorOf(code, 'nvmlDeviceGetHandleByIndex_v2');
    }
    down = new DeviceDown(refusedStatus(code));
  } catch (error) {
    if (error instanceof DeviceDown) down = error;
    else if (error instanceof CallHung) {
      const status = { up: false, reason: 'call_hung', detail: error.message } as const;
      down = new DeviceDown(status, error.returned);
    } else throw error;
  }
  const standIn = { index, uuid: standInUuid(index), model: unknownModel, ...versions };
  const device = newDevice(known ?? standIn, 0n, backoff);
  // Without a handle it must be found anew, whatever the reason.
  device.gone = true;
  device.status = down.status;
  takeDown(device, down, clock);
  return { device, refusedWith: code };

  async function describe(handle: bigint): Promise<NvmlDevice> {
    const device = newDevice({ index, uuid: '', model: unknownModel }, handle, backoff);
    const deviceCalls = new DeviceCalls(device, calls, signal);
    const uuid = await text(deviceCalls, 'nvmlDeviceGetUUID');
    if (uuid === undefined) {
      const detail = 'nvmlDeviceGetUUID gave no UUID';
      throw new DeviceDown({ up: false, reason: 'unknown_error', detail });
    }
    device.facts = {
      ...(known?.uuid === uuid ? known : { index, model: unknownModel }),
      uuid,
      ...versions,
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

/** The status of a GPU whose handle was refused with this code. */
function refusedStatus(code: number): GpuStatus & { up: false } {
  const call = 'nvmlDeviceGetHandleByIndex_v2';
  const reason = code === codes.noPermission ? 'no_permission' : 'unknown_error';
  const detail = `The driver gives no handle of the GPU: ${call} returned ${describeCode(code)}`;
  return goneStatus(code, call) ?? { up: false, reason, detail };
}
