import type { PreparedUsage } from '../series/prepare.ts';
import { maximum } from '../series/statistics.ts';
import { ending, powerStandIn } from '../thresholds.ts';
import type { GpuUsage } from '../verdict.ts';
import type { Activity } from './activity.ts';
import { classifyIdle, type Classified } from './classify.ts';
import { restAtEnd, type Rest } from './rest.ts';

/** What the end of the series says about a job that was there before. */
export interface JobEnd {
  /** Whether a cycle of this period is over: the GPU rests for longer than it would within a cycle, and than it ever did before. */
  isOver(periodSeconds: number): boolean;
  /** What the GPU is since it rests, where that is long enough to be said; null otherwise. */
  readonly idle: (Classified & { readonly windowSeconds: number }) | null;
}

const goingOn: JobEnd = { isOver: () => false, idle: null };

/** Memory tells a job that has left from one that pauses. */
export function jobEnd(prepared: PreparedUsage, activity: Activity, usage: GpuUsage): JobEnd {
  const rest = restAtEnd(activity.grid, activity.idleP97);
  if (rest === null || rest.seconds <= ending.longerThanBefore * rest.longestBeforeSeconds) {
    return goingOn;
  }
  const memory = memorySince(prepared, rest);
  const pauseSeconds = pauses[memory];
  const periods = memory === 'released' ? 1 : ending.periods;
  return {
    isOver: (periodSeconds) => rest.seconds >= Math.max(pauseSeconds, periods * periodSeconds),
    idle: idleSince(prepared, activity, usage, { rest, pauseSeconds }),
  };
}

type MemorySince = 'released' | 'held' | 'unclear';

const pauses: Readonly<Record<MemorySince, number>> = {
  released: ending.releasedPauseSeconds,
  held: ending.heldPauseSeconds,
  unclear: ending.pauseSeconds,
};

/** The memory in use now beside the most that was when the rest began, and shortly before. */
function memorySince(prepared: PreparedUsage, rest: Rest): MemorySince {
  const { values } = prepared.recent('memUsed', rest.seconds + ending.pauseSeconds);
  const now = values.at(-1);
  if (now === undefined || now === 0)
    return now === 0 && maximum(values) > 0 ? 'released' : 'unclear';
  const before = maximum(values);
  if (now < ending.releasedShare * before) return 'released';
  return now >= ending.heldShare * before ? 'held' : 'unclear';
}

function idleSince(
  prepared: PreparedUsage,
  activity: Activity,
  usage: GpuUsage,
  { rest, pauseSeconds }: { readonly rest: Rest; readonly pauseSeconds: number },
): JobEnd['idle'] {
  if (rest.samples < ending.idleSamples) return null;
  if (rest.seconds < Math.max(neededSeconds(rest), pauseSeconds)) return null;
  const { values } = activity.grid;
  const usedMiB = prepared.recentMedian('memUsed', rest.seconds);
  const memory = { usedMiB, totalMiB: usage.memoryTotalMiB };
  const idle = classifyIdle(values.subarray(values.length - rest.samples), memory, activity);
  if (idle === null) return null;
  return { ...doubted(idle, activity), windowSeconds: rest.seconds };
}

/** A load that has paused before may only pause again. */
function neededSeconds({ longestBeforeSeconds }: Rest): number {
  if (longestBeforeSeconds < ending.restSeconds) return ending.idleSeconds;
  return Math.max(ending.restedIdleSeconds, ending.restedLonger * longestBeforeSeconds);
}

/** What rests on a stand-in is less sure. */
export function doubted(classified: Classified, { isStandIn }: Activity): Classified {
  if (!isStandIn) return classified;
  return { ...classified, confidence: powerStandIn.confidence * classified.confidence };
}
