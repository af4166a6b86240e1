import { windows } from '../thresholds.ts';

/**
 * Averages groups of equal size so that at most `maxSamples` are left; the oldest incomplete group is dropped. Averaging, unlike picking, keeps fast
 * variation from appearing as a slow one. Returns the values themselves when they are few enough.
 */
export function decimate(
  values: Float64Array,
  maxSamples: number = windows.maxSamples,
): { readonly values: Float64Array; readonly factor: number } {
  const factor = Math.ceil(values.length / maxSamples);
  if (factor <= 1) return { values, factor: 1 };
  const groups = Math.floor(values.length / factor);
  const offset = values.length - groups * factor;
  const averages = new Float64Array(groups);
  for (let group = 0; group < groups; group++) {
    let total = 0;
    const start = offset + group * factor;
    for (let i = start; i < start + factor; i++) total += values[i]!;
    averages[group] = total / factor;
  }
  return { values: averages, factor };
}
