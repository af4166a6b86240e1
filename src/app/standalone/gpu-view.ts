import type { PublishedVerdict } from '../../analysis/verdict.ts';
import { withoutControls } from '../../lib/control-characters.ts';
import type { GpuHistory } from '../../sampling/gpu-record.ts';
import type { GpuSnapshot } from '../../sampling/snapshot.ts';
import { momentOf, type Moment } from './moment.ts';
import { usageState, type UsageState } from './usage-state.ts';
import { verdictWords, type VerdictWords } from './verdict-words.ts';

/** The newest of each; they may be of different moments. */
export interface GpuReadings {
  readonly utilPercent: number | null;
  readonly memoryUsedMiB: number | null;
  readonly memoryTotalMiB: number | null;
  readonly powerWatts: number | null;
  readonly powerLimitWatts: number | null;
  readonly temperatureCelsius: number | null;
  readonly smClockMHz: number | null;
  readonly processCount: number | null;
}

/** One GPU as standalone shows it, whatever the form: terminal, JSON lines, page. Absent is null, never 0. */
export interface GpuView extends GpuReadings {
  readonly index: number;
  readonly uuid: string;
  /** As the driver says it, without control characters. */
  readonly model: string;
  readonly up: boolean;
  readonly reason: string;
  /** What it is doing, for people; `words` say it. */
  readonly state: UsageState;
  readonly words: VerdictWords;
  /** Readings that belong together; null: none yet. */
  readonly moment: Moment | null;
  /** Containers that hold the GPU or a part of it, `namespace/pod/container`; null: not known. */
  readonly heldBy: readonly string[] | null;
  readonly verdict: VerdictView | null;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface VerdictView {
  readonly pattern: string;
  readonly jobType: string;
  readonly tentative: boolean;
  readonly periodSeconds: number | null;
  /** Half width of the 95 % confidence interval; null: not known. */
  readonly periodMarginSeconds: number | null;
  /** Of a slower cycle on top; null: none seen. */
  readonly slowerPeriodSeconds: number | null;
  readonly periodUnresolved: boolean;
  /** What the samples show where the period is unresolved: a faster cycle could look the same. */
  readonly apparentPeriodSeconds: number | null;
  readonly confidence: number;
  readonly sinceMs: number;
  readonly stall: boolean;
  readonly memUtilMaxPercent: number | null;
  /** Length of the data that the verdict rests on. */
  readonly windowSeconds: number;
}

const bytesPerMiB = 1024 * 1024;

export interface GpuSaid {
  readonly verdict: PublishedVerdict | null;
  readonly annotations: Readonly<Record<string, string>>;
  readonly heldBy: readonly string[] | null;
  readonly history: GpuHistory;
  /** Wall clock of the snapshot. */
  readonly nowMs: number;
}

/** Joins what was read, what was concluded, and what the node's annotations would say about this GPU. */
export function gpuView(gpu: GpuSnapshot, said: GpuSaid): GpuView {
  const { device, status } = gpu;
  const { annotations, heldBy, nowMs } = said;
  const verdict = said.verdict === null ? null : verdictView(said.verdict);
  const reason = status.up ? '' : withoutControls(`${status.reason} (${status.detail})`);
  const readings = readingsOf(gpu);
  const state = isNotReadYet(gpu) ? 'watching' : usageState({ up: status.up, verdict });
  return {
    index: device.index,
    uuid: device.uuid,
    model: withoutControls(device.model).trim(),
    up: status.up,
    reason,
    state,
    words: verdictWords({ state, verdict, readings, reason, nowMs }),
    ...readings,
    moment: momentOf(gpu, said.history),
    heldBy,
    verdict,
    annotations,
  };
}

/** In its first moments a GPU counts as down, but nothing says that it is lost. */
function isNotReadYet({ status, lastReadMs }: GpuSnapshot): boolean {
  return !status.up && status.reason === 'not_found' && lastReadMs === null;
}

function readingsOf({ device, readings }: GpuSnapshot): GpuReadings {
  const totalBytes = readings.memoryTotalBytes ?? device.memoryTotalBytes;
  return {
    utilPercent: readings.utilPercent ?? null,
    memoryUsedMiB: inMiB(readings.memoryUsedBytes),
    memoryTotalMiB: inMiB(totalBytes),
    powerWatts: readings.powerWatts ?? null,
    powerLimitWatts: readings.powerLimitWatts ?? device.powerLimitWatts ?? null,
    temperatureCelsius: readings.temperatureCelsius ?? null,
    smClockMHz: readings.smClockHertz === undefined ? null : readings.smClockHertz / 1e6,
    processCount: readings.processCount ?? null,
  };
}

export function verdictView(verdict: PublishedVerdict): VerdictView {
  const { cycle } = verdict;
  const shown = cycle?.publishable === true ? cycle : null;
  return {
    pattern: verdict.pattern,
    jobType: verdict.jobType,
    tentative: verdict.tentative,
    periodSeconds: shown?.periodSeconds ?? null,
    // Not known is NaN in a verdict.
    periodMarginSeconds: shown?.periodMarginSeconds || null,
    slowerPeriodSeconds: shown?.slowerPeriodSeconds ?? null,
    periodUnresolved: cycle !== null && !cycle.publishable,
    apparentPeriodSeconds: cycle?.publishable === false ? cycle.periodSeconds || null : null,
    confidence: verdict.confidence,
    sinceMs: 1000 * verdict.sinceSeconds,
    stall: verdict.stall,
    memUtilMaxPercent: verdict.memCopyMaxPercent,
    windowSeconds: verdict.windowSeconds,
  };
}

function inMiB(bytes: number | undefined): number | null {
  return bytes === undefined ? null : bytes / bytesPerMiB;
}
