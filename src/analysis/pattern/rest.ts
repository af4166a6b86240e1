import { sufficiency } from '../thresholds.ts';
import type { GridSeries } from '../series/grid.ts';

/** How a load rests at the end of a series. Seconds. */
export interface Rest {
  /** Since the last sample above the limit. */
  readonly seconds: number;
  readonly samples: number;
  /** The longest rest between two stretches of work before; what came before the first work counts as none. */
  readonly longestBeforeSeconds: number;
}

/** `limit`: highest value that counts as rest. Null where the series does not rest at its end, or too many samples are missing there. */
export function restAtEnd(
  { values, stepSeconds, covered }: GridSeries,
  limit: number,
): Rest | null {
  let last = values.length - 1;
  let known = 0;
  for (; last >= 0 && values[last]! <= limit; last--) known += covered[last]!;
  const samples = values.length - 1 - last;
  if (samples === 0 || known < (1 - sufficiency.maxMissingShare) * samples) return null;
  let longest = 0;
  let end = last;
  for (let i = last; i >= 0; i--) {
    if (values[i]! <= limit) continue;
    longest = Math.max(longest, end - i - 1);
    end = i;
  }
  return {
    seconds: samples * stepSeconds,
    samples,
    longestBeforeSeconds: longest * stepSeconds,
  };
}
