import { detector } from '../thresholds.ts';
import { percentile, sorted } from './statistics.ts';

/** A copy with everything beyond the outer percentiles set to them. */
export function clip(values: Float64Array): Float64Array {
  const ascending = sorted(values);
  const low = percentile(ascending, detector.clipPercentiles[0]);
  const high = percentile(ascending, detector.clipPercentiles[1]);
  return values.map((value) => Math.min(high, Math.max(low, value)));
}

function subtractLine(values: Float64Array): void {
  const n = values.length;
  const centre = (n - 1) / 2;
  let total = 0;
  let product = 0;
  for (let i = 0; i < n; i++) {
    total += values[i]!;
    product += (i - centre) * values[i]!;
  }
  const level = total / n;
  const slope = (12 * product) / (n * (n * n - 1));
  for (let i = 0; i < n; i++) values[i] = values[i]! - level - slope * (i - centre);
}

/**
 * Subtracts the least-squares line, then a centred moving mean (odd width n / 2.5, ends mirrored about the first and last sample), in place.
 * `scratch` must be as long as the values; its content is lost. What is left holds nothing slower than the window can show repeating.
 */
export function detrendInPlace(values: Float64Array, scratch: Float64Array): void {
  const n = values.length;
  subtractLine(values);
  scratch.set(values);
  const half = Math.min(Math.floor(n / detector.trendDivisor / 2), n - 1);
  const share = 1 / (2 * half + 1);
  let total = scratch[0]!;
  for (let k = 1; k <= half; k++) total += 2 * scratch[k]!;
  for (let i = 0; i < n; i++) {
    values[i] = scratch[i]! - total * share;
    const leaving = i - half;
    const entering = i + half + 1;
    total +=
      scratch[entering < n ? entering : 2 * (n - 1) - entering]! -
      scratch[leaving >= 0 ? leaving : -leaving]!;
  }
}
