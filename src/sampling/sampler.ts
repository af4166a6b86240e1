import type { GpuSource, SourceError } from '../gpu/source.ts';
import type { Clock } from '../lib/clock.ts';
import { every } from '../lib/every.ts';
import type { Logger } from '../lib/logger.ts';
import type { GpuHistory } from './gpu-record.ts';
import { GpuRecords } from './gpu-records.ts';
import { readingLoop } from './reading-loop.ts';
import type { Snapshot } from './snapshot.ts';
import { SourceHealth } from './source-health.ts';
import { TierSchedule } from './tier-schedule.ts';

export interface SamplerOptions {
  readonly source: GpuSource;
  /** What was asked for, as in the option `source`. */
  readonly requested: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** How far back samples are kept. */
  readonly historyMs: number;
  /** Window of means and maxima. */
  readonly windowMs: number;
  /** Told once, when only a new process or container can help; nothing is read after it. */
  readonly onFatal: (error: SourceError) => void;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
  readonly snapshotIntervalMs?: number;
  readonly reopenBaseMs?: number;
  readonly reopenCapMs?: number;
}

/** Shortest times, for sources that are read several times a second. */
const gapCapMinMs = 5_000;
const staleAfterMinMs = 10_000;
/** A call that takes so much longer than its source says counts as hung. */
const hangMarginMs = 3_000;

/**
 * Reads a source in its own rhythm and makes a snapshot each second, whatever the source does: neither waits for the other.
 * Nothing is thrown: how the source fares is in the snapshot.
 */
export class Sampler {
  readonly #options: SamplerOptions;
  readonly #records: GpuRecords;
  readonly #health: SourceHealth;
  readonly #schedule: TierSchedule;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  readonly #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  /** The cadence of a source is valid after it was opened. */
  #opened = false;
  #snapshot: Snapshot;

  constructor(options: SamplerOptions) {
    this.#options = options;
    this.#schedule = new TierSchedule(() => options.source.cadence(), Math.random);
    this.#health = new SourceHealth(options.requested);
    this.#records = new GpuRecords({
      historyMs: options.historyMs,
      windowMs: options.windowMs,
      gapCapMs: () => Math.max(gapCapMinMs, this.#opened ? this.#schedule.sampleSpacingMs() : 0),
    });
    this.#snapshot = this.#take(0);
  }

  start(): void {
    const { clock, snapshotIntervalMs = 1_000 } = this.#options;
    const { signal } = this.#stop;
    this.#running = Promise.all([
      this.#read(signal),
      every({
        clock,
        signal,
        nextDelayMs: () => snapshotIntervalMs,
        immediately: false,
        run: async () => this.#publish(),
        onError: (error) => this.#options.log.error({ err: error }, 'snapshot failed'),
      }),
    ]);
  }

  /** Does not wait for a driver call that hangs. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** The newest snapshot. */
  snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** Samples of one GPU, or of one GPU instance of it, in the last `seconds`, by channel; null when there is no such GPU. A copy. */
  history(uuid: string, seconds: number, gpuInstanceId?: number): GpuHistory | null {
    const afterMs = this.#options.clock.now() - seconds * 1_000;
    return this.#records.history(uuid, afterMs, gpuInstanceId);
  }

  /** Called with each new snapshot. Returns how to leave. */
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { source, clock, log, random = Math.random, onFatal } = this.#options;
    let failure: string | null = null;
    await readingLoop(
      {
        source,
        clock,
        random,
        reopenBaseMs: this.#options.reopenBaseMs ?? 1_000,
        reopenCapMs: this.#options.reopenCapMs ?? 30_000,
        onCall: (call) =>
          this.#health.callStarted(clock.monotonicMs(), source.longestCallMs[call] + hangMarginMs),
        onOpened: (devices) => {
          this.#opened = true;
          failure = null;
          this.#records.define(devices, clock.now());
          const driverVersion = devices[0]?.driverVersion ?? null;
          this.#health.opened(source.kind, source.simulated, driverVersion);
          const { kind, simulated } = source;
          log.info({ kind, simulated, gpus: devices.length, driverVersion }, 'gpu source open');
        },
        onRead: ({ updates, devices }, startedMs) => {
          const nowMs = clock.now();
          if (devices !== undefined) this.#records.define(devices, nowMs);
          this.#records.apply(updates, nowMs);
          this.#health.readDone(nowMs, clock.monotonicMs() - startedMs);
        },
        onFailure: (error, duringRead, retryMs) => {
          this.#health.failed(error, duringRead);
          const wait = retryMs === null ? {} : { retryMs: Math.round(retryMs) };
          const fields = { err: error, hint: error.hint, ...wait };
          // A node without a GPU would tell the same again every half minute; the metrics and /readyz go on telling it.
          if (error.message === failure) log.debug(fields, 'gpu source failed again');
          else log.warn(fields, 'gpu source failed');
          failure = error.message;
          if (error.fatal) onFatal(error);
        },
      },
      signal,
    );
  }

  #publish(): void {
    this.#records.expire(
      this.#options.clock.now(),
      Math.max(staleAfterMinMs, this.#opened ? 4 * this.#schedule.shortestMeanMs() : 0),
    );
    this.#snapshot = this.#take(this.#snapshot.sequence + 1);
    for (const listener of this.#listeners) {
      try {
        listener(this.#snapshot);
      } catch (error) {
        this.#options.log.error({ err: error }, 'listener of snapshots failed');
      }
    }
  }

  #take(sequence: number): Snapshot {
    const { clock } = this.#options;
    const timeMs = clock.now();
    return Object.freeze({
      sequence,
      timeMs,
      source: this.#health.status(clock.monotonicMs()),
      gpus: this.#records.snapshots(timeMs),
    });
  }
}
