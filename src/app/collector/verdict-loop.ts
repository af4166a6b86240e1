import { analyseSteps, type AnalysisOptions } from '../../analysis/analyse.ts';
import { samplingOf } from '../../analysis/sampling.ts';
import { classes } from '../../analysis/thresholds.ts';
import { track, type TrackState } from '../../analysis/stability.ts';
import type { GpuUsage, PublishedVerdict, Verdict } from '../../analysis/verdict.ts';
import type { AnalysisFigures } from '../../exposition/self-observation.ts';
import type { SourceKind } from '../../gpu/source.ts';
import { Slices } from '../../lib/slices.ts';
import type { Clock } from '../../lib/clock.ts';
import { every } from '../../lib/every.ts';
import type { Logger } from '../../lib/logger.ts';
import type { Sampler } from '../../sampling/sampler.ts';
import { verdictKey, type GpuSnapshot, type InstanceSnapshot } from '../../sampling/snapshot.ts';
import { AnalysisPace } from './analysis-pace.ts';

export interface VerdictLoopOptions {
  readonly sampler: Pick<Sampler, 'snapshot' | 'history'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly intervalMs: number;
  readonly historyMs: number;
  readonly analysis?: AnalysisOptions;
  /** Told after each round. */
  readonly onRound?: () => void;
}

const bytesPerMiB = 1024 * 1024;
/** Longest stretch of analysis between two turns of the event loop. */
const sliceMs = 1;

/** Decides again and again what the usage of each GPU is, a millisecond at a time, so that no scrape waits for it. */
export class VerdictLoop {
  readonly #options: VerdictLoopOptions;
  readonly #tracks = new Map<string, TrackState>();
  /** What the newest look said, by verdictKey: a cycle that is known is recognised, which is cheaper than to search for it anew. */
  readonly #looks = new Map<string, Verdict>();
  #verdicts: ReadonlyMap<string, PublishedVerdict> = new Map();
  /** Time of the first sample seen since the start, or since the GPU was last down; by verdictKey, seconds. */
  readonly #watchedSince = new Map<string, number>();
  readonly #pace: AnalysisPace;
  #figures: AnalysisFigures = { roundsTotal: 0, failuresTotal: 0, busyMsTotal: 0 };

  constructor(options: VerdictLoopOptions) {
    this.#options = options;
    this.#pace = new AnalysisPace(options.intervalMs);
  }

  /** What is said now, by verdictKey. A GPU that is down, or about which nothing is known yet, is absent. */
  get verdicts(): ReadonlyMap<string, PublishedVerdict> {
    return this.#verdicts;
  }

  get figures(): AnalysisFigures {
    return this.#figures;
  }

  /** Until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log, intervalMs } = this.#options;
    await every({
      clock,
      signal,
      nextDelayMs: () => intervalMs,
      immediately: false,
      run: () => this.#round(signal),
      onError: (error) => log.error({ err: error }, 'analysis round failed'),
    });
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { sampler, log, clock } = this.#options;
    const { gpus, source } = sampler.snapshot();
    const verdicts = new Map<string, PublishedVerdict>();
    const all = gpus.flatMap((one) => [one, ...(one.instances ?? [])]);
    this.#retain(new Set(all.map(({ device }) => verdictKey(device))));
    for (const gpu of all) {
      const key = verdictKey(gpu.device);
      if (!gpu.status.up) {
        this.#pace.forget(key);
        // What it does after it is back has to be watched anew, like a GPU of a restarted collector.
        this.#watchedSince.delete(key);
        this.#looks.delete(key);
        continue;
      }
      const said = this.#verdicts.get(key);
      const isDue = this.#pace.isDue(key, clock.monotonicMs());
      if (said !== undefined && !isDue && !seemsOver(said, gpu)) {
        verdicts.set(key, said);
        continue;
      }
      try {
        const verdict = await this.#analyse(gpu, source.kind);
        if (signal.aborted) return;
        this.#looks.set(key, verdict);
        const { state, published } = track(this.#tracks.get(key) ?? null, verdict);
        this.#tracks.set(key, state);
        this.#pace.looked(key, clock.monotonicMs(), published?.pattern === verdict.pattern);
        const watchedSinceSeconds = this.#watchedSince.get(key);
        if (published !== null)
          verdicts.set(key, {
            ...published,
            ...(watchedSinceSeconds === undefined ? {} : { watchedSinceSeconds }),
          });
      } catch (error) {
        this.#count({ failuresTotal: 1 });
        log.error({ err: error, gpu: gpu.device.index }, 'analysis of a gpu failed');
        if (said !== undefined) verdicts.set(key, said);
      }
    }
    this.#verdicts = verdicts;
    this.#count({ roundsTotal: 1 });
    this.#options.onRound?.();
  }

  /** Forgets GPUs and GPU instances that are not there any more: instances are made and taken away as jobs need them. */
  #retain(keys: ReadonlySet<string>): void {
    for (const key of this.#watchedSince.keys()) if (!keys.has(key)) this.#watchedSince.delete(key);
    for (const key of this.#looks.keys()) if (!keys.has(key)) this.#looks.delete(key);
    for (const key of this.#tracks.keys()) if (!keys.has(key)) this.#tracks.delete(key);
    this.#pace.retain(keys);
  }

  async #analyse(gpu: GpuSnapshot | InstanceSnapshot, source: SourceKind | null): Promise<Verdict> {
    const { sampler, clock, historyMs, analysis } = this.#options;
    const { device } = gpu;
    const key = verdictKey(device);
    const gpuInstanceId = 'instance' in device ? device.instance.gpuInstanceId : undefined;
    const channels = sampler.history(device.uuid, historyMs / 1_000, gpuInstanceId) ?? {};
    if (!this.#watchedSince.has(key)) {
      const firstSeconds = firstSampleSeconds(channels);
      if (firstSeconds !== null) this.#watchedSince.set(key, firstSeconds);
    }
    const steps = analyseSteps(usageOf(gpu, channels, source), {
      ...analysis,
      known: this.#looks.get(key) ?? null,
    });
    const slices = new Slices(sliceMs, () => clock.monotonicMs());
    for (;;) {
      const startedMs = clock.monotonicMs();
      const step = steps.next();
      this.#count({ busyMsTotal: clock.monotonicMs() - startedMs });
      if (step.done === true) return step.value;
      await slices.breathe();
    }
  }

  #count(more: Partial<AnalysisFigures>): void {
    const { roundsTotal, failuresTotal, busyMsTotal } = this.#figures;
    this.#figures = {
      roundsTotal: roundsTotal + (more.roundsTotal ?? 0),
      failuresTotal: failuresTotal + (more.failuresTotal ?? 0),
      busyMsTotal: busyMsTotal + (more.busyMsTotal ?? 0),
    };
  }
}

/** A job that ends is told at once: a settled GPU that works is looked at again as soon as it is seen at rest. */
function seemsOver(
  { pattern }: PublishedVerdict,
  { readings }: Pick<GpuSnapshot, 'readings'>,
): boolean {
  const { utilPercent } = readings;
  const isIdle = pattern === 'idle' || pattern === 'alloc-idle';
  return !isIdle && utilPercent !== undefined && utilPercent <= classes.idleP97;
}

function firstSampleSeconds(channels: GpuUsage['channels']): number | null {
  const firsts = Object.values(channels).map(({ timesSeconds }) => timesSeconds[0] ?? Infinity);
  const first = Math.min(...firsts);
  return Number.isFinite(first) ? first : null;
}

function usageOf(
  gpu: Pick<GpuSnapshot, 'readings' | 'device'>,
  channels: GpuUsage['channels'],
  source: SourceKind | null,
): GpuUsage {
  const { readings, device } = gpu;
  const memoryTotalBytes = readings.memoryTotalBytes ?? device.memoryTotalBytes;
  return {
    channels,
    memoryTotalMiB: memoryTotalBytes === undefined ? undefined : memoryTotalBytes / bytesPerMiB,
    powerLimitWatts: readings.powerLimitWatts ?? device.powerLimitWatts,
    sampling: samplingBy(source, channels),
  };
}

/** Another exporter's samples come at its own regular interval, so a period in them may be an alias; a recording is what its time stamps say, as for `analyze`. */
function samplingBy(
  source: SourceKind | null,
  channels: GpuUsage['channels'],
): GpuUsage['sampling'] {
  if (source === 'dcgm') return 'scraped';
  return source === 'replay' ? samplingOf(Object.values(channels)[0]) : 'native';
}
