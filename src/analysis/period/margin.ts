import { decimate } from '../series/decimate.ts';
import { margin } from '../thresholds.ts';

/**
 * Half width of the 95 % confidence interval of a period, samples; NaN where fewer than three cycles can be matched.
 *
 * Each cycle is matched with the mean cycle, which gives the spacings between neighbours. A spacing s = P + j + e' - e: j is how much the cycle itself was longer or
 * shorter, e the error of a match. Their mean over N spacings varies by (g0 + 2 g1) / N, with g0 the variance and g1 the covariance of neighbours, as the errors
 * cancel but at the ends (long-run variance of an MA(1) series: Hamilton, Time Series Analysis, 1994, section 7.2). From so few spacings g1 is taken one of its own
 * standard errors, g0 / sqrt(N), nearer to zero than it was seen. The interval is that of Student's t with N - 1 degrees of freedom.
 * Measured coverage: see margin.test.ts.
 */
export function periodMargin(values: Float64Array, periodSamples: number): number {
  const { values: series, factor } = decimate(values);
  const period = periodSamples / factor;
  const starts = matchedStarts(series, period);
  const spacings = starts.slice(1).map((start, i) => start - starts[i]!);
  const n = spacings.length;
  if (n < margin.minSpacings) return Number.NaN;
  const centre = spacings.reduce((sum, spacing) => sum + spacing, 0) / n;
  let variance = 0;
  let neighbours = 0;
  for (const [i, spacing] of spacings.entries()) {
    variance += (spacing - centre) ** 2 / (n - 1);
    if (i > 0) neighbours += ((spacing - centre) * (spacings[i - 1]! - centre)) / (n - 1);
  }
  const covariance = Math.min(0, neighbours + variance / n + variance / Math.sqrt(n));
  const longRun = Math.max(variance / n, variance + 2 * covariance);
  // No match is better than its place on the grid: the error of rounding at both ends.
  const rounding = 1 / 6 / n ** 2;
  const halfWidth = studentT(n - 1) * Math.sqrt(longRun / n + rounding);
  return factor * (halfWidth + Math.abs(centre - period));
}

/** Where the cycles begin, samples (fractions too), ascending; matched twice, the second time with a mean cycle that the first has aligned. */
function matchedStarts(values: Float64Array, period: number): readonly number[] {
  const count = Math.floor(values.length / period);
  const last = values.length - Math.round(period);
  const expected = Array.from({ length: count }, (_, i) => last - (count - 1 - i) * period);
  return match(values, match(values, expected, period), period);
}

/**
 * From the end backwards, each cycle where it fits best near where the one after it says: with the sum of the others, as its own noise would hold it where it was
 * taken from. `starts`: where the cycles are taken from.
 */
function match(values: Float64Array, starts: readonly number[], period: number): number[] {
  const length = Math.round(period);
  const last = values.length - length;
  const reach = Math.max(1, Math.floor(margin.searchShare * period));
  const origins = starts.map((start) => Math.min(last, Math.max(0, Math.round(start))));
  const sum = new Float64Array(length);
  for (const origin of origins) add(sum, values, origin, 1);
  const found: number[] = [];
  let wanted = last;
  for (const origin of origins.toReversed()) {
    const place = Math.round(wanted);
    // A match at the edge of the series may be cut off, so it is none.
    if (place - reach < 0) break;
    add(sum, values, origin, -1);
    const start = bestFit(values, level(sum), place - reach, Math.min(last, place + reach));
    add(sum, values, origin, 1);
    found.push(start);
    wanted = start - period;
  }
  return found.toReversed();
}

function add(sum: Float64Array, values: Float64Array, first: number, times: 1 | -1): void {
  for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + times * values[first + i]!;
}

/** Its own mean subtracted, so that the level of what it is laid over does not matter. */
function level(cycle: Float64Array): Float64Array {
  const mean = cycle.reduce((total, value) => total + value, 0) / cycle.length;
  return cycle.map((value) => value - mean);
}

/** The place between `from` and `to` where a cycle fits best, made exact by a parabola. */
function bestFit(values: Float64Array, cycle: Float64Array, from: number, to: number): number {
  const fits = Float64Array.from({ length: to - from + 1 }, (_, i) => fit(values, from + i, cycle));
  let best = 0;
  for (let i = 1; i < fits.length; i++) if (fits[i]! > fits[best]!) best = i;
  if (best === 0 || best === fits.length - 1) return from + best;
  return from + best + top(fits[best - 1]!, fits[best]!, fits[best + 1]!);
}

function fit(values: Float64Array, start: number, cycle: Float64Array): number {
  let product = 0;
  for (let i = 0; i < cycle.length; i++) product += values[start + i]! * cycle[i]!;
  return product;
}

/** Top of the parabola through three neighbours, of which the middle one is highest: -0.5 to 0.5 from it. */
function top(before: number, here: number, after: number): number {
  const curvature = before - 2 * here + after;
  return curvature < 0 ? (before - after) / (2 * curvature) : 0;
}

/** Quantile 0.975 of Student's t, to 1 % (Cornish-Fisher expansion: Abramowitz and Stegun 26.7.5); exact for one and two degrees of freedom. */
function studentT(degrees: number): number {
  if (degrees === 1) return 12.706;
  if (degrees === 2) return 4.303;
  const z = 1.959964;
  const [first, second, third] = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
  ];
  return z + first / degrees + second / degrees ** 2 + third / degrees ** 3;
}
