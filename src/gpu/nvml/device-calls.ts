import type { GpuStatus, MissingReason } from '../source.ts';
import type { FunctionName } from './declarations.ts';
import type { NvmlDevice } from './device.ts';
import { CallHung } from './driver-calls.ts';
import type { DriverCalls } from './driver-calls.ts';
import type { Argument } from './library.ts';
import {
  codes,
  concernsWholeSource,
  describeCode,
  isLasting,
  missingReasonOf,
  sourceErrorOf,
} from './return-codes.ts';

/** This GPU gives nothing more in this read. */
export class DeviceDown extends Error {
  override readonly name = 'DeviceDown';
  readonly status: GpuStatus;
  /** Set when a call hangs: resolves with its code if it ever returns. */
  readonly returned: Promise<number> | undefined;

  constructor(status: GpuStatus & { up: false }, returned?: Promise<number>) {
    super(status.detail);
    this.status = status;
    this.returned = returned;
  }
}

/** The status of a GPU that is gone for now, or undefined for every other code. */
export function goneStatus(code: number, call: string): (GpuStatus & { up: false }) | undefined {
  if (code === codes.gpuLost) {
    const detail = `The GPU has fallen off the bus or is otherwise out of reach: ${call} returned ${describeCode(code)}`;
    return { up: false, reason: 'gpu_lost', detail };
  }
  if (code === codes.resetRequired) {
    const detail = `The GPU needs a reset: ${call} returned ${describeCode(code)}`;
    return { up: false, reason: 'reset_required', detail };
  }
  return undefined;
}

/** Calls on one GPU during one read: tells apart what concerns a reading, the GPU, and the whole source. */
export class DeviceCalls {
  readonly device: NvmlDevice;
  readonly #calls: DriverCalls;
  readonly #signal: AbortSignal;
  #answered = 0;
  #refusedWith: number | undefined;

  constructor(device: NvmlDevice, calls: DriverCalls, signal: AbortSignal) {
    this.device = device;
    this.#calls = calls;
    this.#signal = signal;
  }

  has(name: FunctionName): boolean {
    return this.#calls.has(name);
  }

  /**
   * Return code of a call on this GPU; functionNotFound where the library does not have it.
   * @throws {DeviceDown} lost, reset required, hung
   * @throws {SourceError} the whole source fails
   */
  async call(name: FunctionName, ...args: Argument[]): Promise<number> {
    return await this.callOn(this.device.handle, name, ...args);
  }

  /** The same with the handle of a part of this GPU (a MIG device). */
  async callOn(handle: bigint, name: FunctionName, ...args: Argument[]): Promise<number> {
    if (!this.#calls.has(name)) return codes.functionNotFound;
    const code = await this.#started(handle, name, args);
    if (concernsWholeSource(code)) throw sourceErrorOf(code, name);
    const gone = goneStatus(code, name);
    if (gone !== undefined) throw new DeviceDown(gone);
    if (code === codes.unknown || code === codes.noPermission) this.#refusedWith = code;
    else this.#answered += 1;
    return code;
  }

  /** As `call`, but remembers by `key` what this GPU will never have, and gives the reason; undefined: it worked. */
  async attempt(
    key: string,
    name: FunctionName,
    ...args: Argument[]
  ): Promise<MissingReason | undefined> {
    const known = this.device.lacking.get(key);
    if (known !== undefined) return known;
    const code = await this.call(name, ...args);
    if (code === codes.ok) return undefined;
    const reason = missingReasonOf(code);
    if (isLasting(code)) this.device.lacking.set(key, reason);
    return reason;
  }

  /** The code with which every call of this read was refused (unknown error, no permission); undefined when any was answered. */
  get refusedWith(): number | undefined {
    return this.#answered === 0 ? this.#refusedWith : undefined;
  }

  get answered(): boolean {
    return this.#answered > 0;
  }

  async #started(handle: bigint, name: FunctionName, args: readonly Argument[]): Promise<number> {
    try {
      return await this.#calls.call(name, [handle, ...args], this.#signal);
    } catch (error) {
      if (!(error instanceof CallHung)) throw error;
      throw new DeviceDown(
        { up: false, reason: 'call_hung', detail: `A driver call hangs: ${error.message}` },
        error.returned,
      );
    }
  }
}
