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
import { isUnnamed, lookForUnnamed } from './nvml/unnamed.ts';
import { UpdateDraft } from './nvml/update-draft.ts';
import { pollNeed, readUsage } from './nvml/usage-tier.ts';
import { SharedUuids } from './shared-uuids.ts';
import { isStandInUuid } from './source.ts';
import type {
  GpuDevice,
  GpuSource,
  GpuUpdate,
  LongestCallMs,
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
  /** Where the system shows its memory, for GPUs that share it. Default /proc. */
  readonly procRoot?: string;
  /** So many calls may hang before no more are made: each holds a thread of libuv's pool until it returns. Default 2, of four threads. */
  readonly maxHungCalls?: number;
  /** How often sample rings are drained. They hold some 17 s of utilisation; power rings may be shorter. Default 2000 ms. */
  readonly drainIntervalMs?: number;
  /** Mean interval of single values where the driver keeps no ring. Default 200 ms. */
  readonly pollMeanMs?: number;
  readonly memoryIntervalMs?: number;
  readonly slowIntervalMs?: number;
  /** Back-off of the search for a GPU that is lost. Default 5 s to 60 s. */
  readonly returnProbe?: { readonly baseMs: number; readonly capMs: number };
}

/** A read that has waited for so many GPUs whose calls hang leaves the others to the next one, or their values would get old. */
const hangsPerRead = 2;

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
  readonly #shared: SharedUuids;
  #calls: DriverCalls | undefined;
  #devices: NvmlDevice[] = [];
  #nextUnnamedMs = 0;
  /** Where a read that was cut short left off: the next one begins there. */
  #firstToRead = 0;
  #enumerateOptions: Omit<EnumerateOptions, 'signal'> | undefined;
  #isOpen = false;

  constructor(options: NvmlSourceOptions) {
    this.#options = {
      library: undefined,
      clock: systemClock,
      logger: silentLogger,
      callDeadlineMs: 2000,
      initDeadlineMs: 60_000,
      maxHungCalls: 2,
      procRoot: '/proc',
      drainIntervalMs: 2000,
      pollMeanMs: 200,
      memoryIntervalMs: 1000,
      slowIntervalMs: 15_000,
      returnProbe: { baseMs: 5000, capMs: 60_000 },
      ...options,
    };
    this.#unnamedBackoff = createBackoff(this.#options.returnProbe);
    this.#shared = new SharedUuids((uuid, devices) => {
      const gpus = devices.map(({ index, pciBusId }) => pciBusId ?? index);
      this.#options.logger.warn(
        { uuid, gpus },
        'several GPUs have one UUID: told apart by address',
      );
    });
  }

  get hung(): boolean {
    // Also before its deadline: a call that was not waited for any more holds up the end of the process just as much.
    return (this.#calls?.unreturnedCount ?? 0) > 0;
  }

  get longestCallMs(): LongestCallMs {
    const { callDeadlineMs, initDeadlineMs, maxHungCalls } = this.#options;
    return {
      open: initDeadlineMs + (maxHungCalls + 1) * callDeadlineMs,
      // And one that is slow without hanging.
      read: (hangsPerRead + 1) * callDeadlineMs,
    };
  }

  async open(signal: AbortSignal): Promise<readonly GpuDevice[]> {
    const { library, callDeadlineMs, maxHungCalls, logger } = this.#options;
    this.#calls ??= new DriverCalls(await loadLibrary(library), callDeadlineMs, maxHungCalls);
    const calls = this.#calls;
    const previous = this.#facts();
    const opened = await openDriver(calls, signal, { ...this.#options, previous });
    this.#isOpen = true;
    this.#devices = opened.devices;
    this.#enumerateOptions = opened.enumerateOptions;
    this.#nameApart();
    for (const { facts, status } of this.#devices) {
      const { uuid, index } = facts;
      const wasTold = isStandInUuid(uuid) && previous.some((known) => known.uuid === uuid);
      if (status.up || wasTold) continue;
      logger.warn({ uuid, gpu: index, detail: status.detail }, 'GPU is down');
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
    const first = this.#firstToRead;
    const inTurn = [...this.#devices.slice(first), ...this.#devices.slice(0, first)];
    let hangs = 0;
    for (const device of inTurn) {
      signal.throwIfAborted();
      if (hangs >= hangsPerRead && !calls.isStuck) {
        this.#firstToRead = this.#devices.indexOf(device);
        break;
      }
      const wasHung = device.hung;
      const update = await this.#readDevice(tier, device, calls, signal);
      if (device.hung && !wasHung) hangs += 1;
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
    if (device.hung || isUnnamed(device)) return { uuid, status: device.status };
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
    const { clock, drainIntervalMs, procRoot } = this.#options;
    const draft = new UpdateDraft();
    let isSomething = true;
    if (tier === 'memory') await readMemory(calls, draft, { clock, procRoot });
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
    const { clock, logger } = this.#options;
    const options = this.#enumerateOptions;
    const isDue = clock.monotonicMs() >= this.#nextUnnamedMs;
    if (!this.#devices.some(isUnnamed) || options === undefined || !isDue) return false;
    this.#nextUnnamedMs = clock.monotonicMs() + this.#unnamedBackoff.nextMs();
    const seen = await lookForUnnamed(this.#devices, { ...options, signal });
    const byIndex = new Map(seen.map((device) => [device.facts.index, device]));
    const found = seen.filter((device) => !isUnnamed(device));
    this.#devices = this.#devices.map((device) => byIndex.get(device.facts.index) ?? device);
    this.#nameApart();
    for (const { facts } of found)
      logger.info({ uuid: facts.uuid, gpu: facts.index }, 'GPU is back');
    return found.length > 0;
  }

  #nameApart(): void {
    const names = this.#shared.namesOf(this.#facts());
    for (const [at, device] of this.#devices.entries()) {
      const uuid = names[at];
      if (uuid !== undefined && uuid !== device.facts.uuid)
        device.facts = { ...device.facts, uuid };
    }
  }
}
