import { analyseSteps } from '../analysis/analyse.ts';
import { resumeTrack, track, type TrackState } from '../analysis/stability.ts';
import type { GpuUsage, PublishedVerdict, Verdict } from '../analysis/verdict.ts';
import type { Slices } from '../lib/slices.ts';
import type { ProfileEntry } from './annotations/profile-entry.ts';
import { isDecisive } from './annotations.ts';
import { freshFor, isFreshSample } from './freshness.ts';
import type { GpuFacts } from './gpu-facts.ts';
import type { GpuMemory } from './gpu-memory.ts';
import type { GpuObservation } from './usage-source.ts';
import { isYoung } from './young-verdict.ts';

export interface AssessOptions {
  /** The event loop's turns, for all GPUs of a fleet together: renewing the Lease must wait neither for one long analysis nor for thousands of short ones. */
  readonly turns: Pick<Slices, 'breathe'>;
  readonly nowMs: number;
  /** Data older than this say nothing about now. */
  readonly freshMs: number;
  readonly windowsSeconds: readonly number[];
}

/** What was written about the GPU before, by us or by another leader. */
export interface WrittenBefore {
  readonly entry: ProfileEntry | undefined;
  readonly asOfMs: number | null;
}

/**
 * Turns an observation into facts: the node's own verdict where there is one, else the series are analysed here, and several windows
 * must agree (starting from what was written before, so that a new leader says the same as the old one).
 */
export async function assessGpu(
  gpu: GpuObservation,
  memory: GpuMemory,
  before: WrittenBefore,
  options: AssessOptions,
): Promise<GpuFacts> {
  const { lastSampleMs } = gpu;
  const { nowMs } = options;
  const freshMs = freshFor(gpu, options.freshMs);
  const isFresh = lastSampleMs !== null && isFreshSample(lastSampleMs, nowMs, freshMs);
  let verdict: PublishedVerdict | null = null;
  let isHeld = false;
  if (isFresh && gpu.nodeVerdict !== null) {
    isHeld = isYoung(gpu.nodeVerdict, before.entry);
    verdict = isHeld ? null : gpu.nodeVerdict;
  } else if (isFresh && gpu.usage !== null) {
    verdict = await analysed(gpu.usage, lastSampleMs, memory, before, options);
  }
  // Never backwards: an older sample seen late (another replica of the store) takes nothing back.
  if (isHeld || isDecisive({ verdict }))
    memory.trustedMs = Math.max(Math.min(lastSampleMs ?? 0, nowMs), memory.trustedMs ?? 0);
  else memory.trustedMs ??= lastSampleMs === null ? null : Math.min(lastSampleMs, nowMs);
  return {
    index: gpu.index,
    uuid: gpu.uuid,
    model: gpu.model,
    driverVersion: gpu.driverVersion,
    memoryTotalMiB: gpu.memoryTotalMiB,
    pcieGenerationMax: gpu.pcieGenerationMax,
    pcieWidthMax: gpu.pcieWidthMax,
    simulated: gpu.simulated,
    verdict,
    trustedMs: memory.trustedMs,
  };
}

async function analysed(
  usage: GpuUsage,
  sampleMs: number,
  memory: GpuMemory,
  before: WrittenBefore,
  options: AssessOptions,
): Promise<PublishedVerdict | null> {
  if (memory.analysedMs !== sampleMs) {
    const verdict = await analyseInTurns(usage, memory.look, options);
    memory.look = verdict;
    const tracked = track(memory.track ?? resumed(before, sampleMs), verdict);
    memory.track = tracked.state;
    memory.published = tracked.published;
    memory.decisive = isDecisive({ verdict: { ...verdict, jobType: 'Unknown', sinceSeconds: 0 } });
    memory.analysedMs = sampleMs;
  }
  return memory.decisive ? memory.published : null;
}

async function analyseInTurns(
  usage: GpuUsage,
  known: Verdict | null,
  { turns, windowsSeconds }: AssessOptions,
): Promise<Verdict> {
  const steps = analyseSteps(usage, { windowsSeconds: withWhole(usage, windowsSeconds), known });
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await turns.breathe();
  }
}

/** A GPU that is scraped rarely comes with more of the past than the windows hold: all of it is looked at, too. */
function withWhole({ channels }: GpuUsage, windowsSeconds: readonly number[]): readonly number[] {
  const times = (channels.util ?? channels.power)?.timesSeconds ?? [];
  const seconds = Math.ceil((times.at(-1) ?? 0) - (times[0] ?? 0));
  return seconds > Math.max(...windowsSeconds) ? [...windowsSeconds, seconds] : windowsSeconds;
}

/** Never later than what is seen now: an earlier leader's clock may have been ahead. */
function resumed({ entry, asOfMs }: WrittenBefore, sampleMs: number): TrackState | null {
  if (entry === undefined || entry.pattern === 'unknown' || entry.pattern === 'insufficient') {
    return null;
  }
  const sinceMs = Date.parse(entry.since);
  const asOfSeconds = Math.min(asOfMs ?? sinceMs, sampleMs) / 1_000;
  if (!Number.isFinite(asOfSeconds)) return null;
  return resumeTrack({
    pattern: entry.pattern,
    tentative: entry.tentative === true,
    sinceSeconds: Number.isFinite(sinceMs) ? sinceMs / 1_000 : asOfSeconds,
    asOfSeconds,
    periodSeconds: entry.periodSeconds ?? null,
    stall: entry.stall === true,
    ...(entry.confidence === undefined ? {} : { confidence: entry.confidence }),
  });
}
