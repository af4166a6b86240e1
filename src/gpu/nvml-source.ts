import { createBackoff } from '../lib/backoff.ts';
import type { Backoff } from '../lib/backoff.ts';
import { systemClock } from '../lib/clock.ts';
import type { Clock } from '../lib/clock.ts';
import { silentLogger } from '../lib/logger.ts';
import type { Logger } from '../lib/logger.ts';
import { upStatus } from './nvml/device.ts';
import type { NvmlDevice } from './nvml/device.ts';
import { DeviceCalls, DeviceDown } from './nvml/device-calls.ts';
import { hasReturned, takeDown } from './nvml/device-loss.ts';
import { DriverCalls } from './nvml/driver-calls.ts';
import { loadLibrary } from './nvml/library.ts';
import type { EnumerateOptions } from './nvml/enumerate.ts';
import { renewMigDevices } from './nvml/mig-devices.ts';
import { readMemory } from './nvml/memory-tier.ts';
import { openDriver, shutDown } from './nvml/open-driver.ts';
import { allRefuse, settleRefusals } from './nvml/refusals.ts';
import { SampleRing } from './nvml/sample-ring.ts';
import { readSlow } from './nvml/slow-tier.ts';
import { findUnnamed } from './nvml/unnamed.ts';
import { UpdateDraft } from './nvml/update-draft.ts';
import { pollNeed, readUsage } from './nvml/usage-tier.ts';
import type {
  GpuDevice,
  GpuSource,
  GpuUpdate,
  ReadTier,
  SourceRead,
  TierCadence,
} from './source.ts';

export interface NvmlSourceOptions {
  /** File or soname of the driver library. Default: the one of the system, then the usual places. */
  readonly library?: string | undefined;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** A call that takes longer counts as hung. Default 2000 ms. */
  readonly callDeadlineMs?: number;
  /** The same for nvmlInit, which may load the driver of every GPU first. Default 60 s. */
  readonly initDeadlineMs?: number;
  /** How often sample rings are drained. They hold some 17 s of utilisation; power rings may be shorter. Default 2000 ms. */
  readonly drainIntervalMs?: number;
  /** Mean interval of single values where the driver keeps no ring. Default 200 ms. */
  readonly pollMeanMs?: number;
  readonly memoryIntervalMs?: number;
  readonly slowIntervalMs?: number;
  /** Back-off of the search for a GPU that is lost. Default 5 s to 60 s. */
  readonly returnProbe?: { readonly baseMs: number; readonly capMs: number };
}

/** Reads GPUs through NVIDIA's driver library (NVML), by asynchronous calls of which one is under way at a time. */
export function createNvmlSource(options: NvmlSourceOptions = {}): GpuSource {
  return new NvmlSource(options);
}

class NvmlSource implements GpuSource {
  readonly kind = 'nvml';
  readonly simulated = false;
  readonly #options: Required<NvmlSourceOptions>;
  readonly #ring = new SampleRing();
  readonly #unnamedBackoff: Backoff;
  #calls: DriverCalls | undefined;
  #devices: NvmlDevice[] = [];
  #unnamed: readonly number[] = [];
  #nextUnnamedMs = 0;
  #enumerateOptions: Omit<EnumerateOptions, 'signal'> | undefined;
  #isOpen = false;

  constructor(options: NvmlSourceOptions) {
    this.#options = {
      library: undefined,
      clock: systemClock,
      logger: silentLogger,
      callDeadlineMs: 2000,
      initDeadlineMs: 60_000,
      drainIntervalMs: 2000,
      pollMeanMs: 200,
      memoryIntervalMs: 1000,
      slowIntervalMs: 15_000,
      returnProbe: { baseMs: 5000, capMs: 60_000 },
      ...options,
    };
    this.#unnamedBackoff = createBackoff(this.#options.returnProbe);
  }

  get hung(): boolean {
    // Also before its deadline: a call that was not waited for any more holds up the end of the process just as much.
    return (this.#calls?.unreturnedCount ?? 0) > 0;
  }

  async open(signal: AbortSignal): Promise<readonly GpuDevice[]> {
    const { library, callDeadlineMs, logger } = this.#options;
    this.#calls ??= new DriverCalls(await loadLibrary(library), callDeadlineMs);
    const calls = this.#calls;
    const previous = this.#facts();
    const opened = await openDriver(calls, signal, { ...this.#options, previous });
    this.#isOpen = true;
    this.#devices = opened.devices;
    this.#enumerateOptions = opened.enumerateOptions;
    this.#unnamed = opened.unnamed.map((gpu) => gpu.index);
    for (const gpu of opened.unnamed) {
      logger.warn({ index: gpu.index, detail: gpu.detail }, 'a GPU does not even tell its UUID');
    }
    return this.#facts();
  }

  cadence(): Readonly<Record<ReadTier, TierCadence | null>> {
    const { memoryIntervalMs, slowIntervalMs } = this.#options;
    return {
      usage: this.#usageCadence(),
      memory: { meanMs: memoryIntervalMs, randomised: true },
      slow: { meanMs: slowIntervalMs, randomised: false },
    };
  }

  async read(tier: ReadTier, signal: AbortSignal): Promise<SourceRead> {
    const calls = this.#calls;
    if (calls === undefined || !this.#isOpen) throw new Error('read before open');
    const updates: GpuUpdate[] = [];
    const before = this.#facts();
    for (const device of this.#devices) {
      signal.throwIfAborted();
      const update = await this.#readDevice(tier, device, calls, signal);
      if (update !== undefined) updates.push(update);
    }
    const refusal = allRefuse(this.#devices);
    if (refusal !== undefined) throw refusal;
    const hasFound = tier === 'slow' && (await this.#lookForUnnamed(signal));
    const after = this.#facts();
    const hasChanged = hasFound || after.some((facts, i) => facts !== before[i]);
    return { updates, ...(hasChanged && { devices: after }) };
  }

  async close(): Promise<void> {
    if (this.#calls === undefined || !this.#isOpen) return;
    this.#isOpen = false;
    await shutDown(this.#calls, this.#options.clock);
  }

  #facts(): readonly GpuDevice[] {
    return this.#devices.map((device) => device.facts);
  }

  #usageCadence(): TierCadence {
    const needs = new Set(
      this.#devices.filter((device) => !device.gone).map((device) => pollNeed(device)),
    );
    if (needs.has('poll')) return { meanMs: this.#options.pollMeanMs, randomised: true };
    // Power alone changes slowly, and the driver averages it over a second anyway.
    if (needs.has('poll-power')) return { meanMs: 1000, randomised: true };
    return { meanMs: this.#options.drainIntervalMs, randomised: false };
  }

  async #readDevice(
    tier: ReadTier,
    device: NvmlDevice,
    calls: DriverCalls,
    signal: AbortSignal,
  ): Promise<GpuUpdate | undefined> {
    const { uuid } = device.facts;
    const { clock, logger } = this.#options;
    if (device.hung) return { uuid, status: device.status };
    if (calls.isStuck) {
      const detail = `${calls.hungCount} driver calls hang: no more are made until one returns`;
      return { uuid, status: device.gone ? device.status : { up: false, reason: 'stale', detail } };
    }
    const before = device.status;
    try {
      if (device.gone && !(await hasReturned(device, calls, signal, clock))) {
        return { uuid, status: device.status };
      }
      const update = await this.#readTier(tier, new DeviceCalls(device, calls, signal));
      if (!before.up && device.status.up) logger.info({ uuid }, 'GPU is back');
      return update;
    } catch (error) {
      if (!(error instanceof DeviceDown)) throw error;
      takeDown(device, error, clock);
      if (before.up) logger.warn({ uuid, detail: error.message }, 'GPU is down');
      return { uuid, status: device.status };
    }
  }

  async #readTier(tier: ReadTier, calls: DeviceCalls): Promise<GpuUpdate | undefined> {
    const { clock, drainIntervalMs } = this.#options;
    const draft = new UpdateDraft();
    let isSomething = true;
    if (tier === 'memory') await readMemory(calls, draft, clock);
    else if (tier === 'slow') {
      await readSlow(calls, draft);
      await renewMigDevices(calls);
    } else
      isSomething = await readUsage(calls, draft, { clock, drainIntervalMs, ring: this.#ring });
    settleRefusals(calls);
    const { device } = calls;
    if (!device.status.up) return { uuid: device.facts.uuid, status: device.status };
    device.status = upStatus;
    return isSomething ? draft.finish(device.facts.uuid) : undefined;
  }

  async #lookForUnnamed(signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#options;
    const options = this.#enumerateOptions;
    const isDue = clock.monotonicMs() >= this.#nextUnnamedMs;
    if (this.#unnamed.length === 0 || options === undefined || !isDue) return false;
    if (options.calls.isStuck) return false;
    this.#nextUnnamedMs = clock.monotonicMs() + this.#unnamedBackoff.nextMs();
    const found = await findUnnamed(this.#unnamed, { ...options, signal });
    this.#unnamed = this.#unnamed.filter(
      (index) => !found.some((device) => device.facts.index === index),
    );
    this.#devices = [...this.#devices, ...found].toSorted((a, b) => a.facts.index - b.facts.index);
    return found.length > 0;
  }
}
