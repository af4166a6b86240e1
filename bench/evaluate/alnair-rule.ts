import type { UsageSeries } from '../../src/analysis/verdict.ts';
import { medianInPlace } from '../../src/analysis/series/statistics.ts';

export interface AlnairVerdict {
  readonly cyclic: boolean;
  /** NaN unless cyclic. */
  readonly periodSeconds: number;
}

const silent: AlnairVerdict = { cyclic: false, periodSeconds: Number.NaN };
/** Upper 2.5 % of the normal law, by which the rule tells a significant lag. */
const critical = 1.959_963_984_540_054;

/**
 * The baseline: the rule of Alnair's profiler. Autocorrelations (Pearson) at the lags 0 to n/2 - 1; significant are those above their own mean + 1.96
 * standard deviations; more than two of them make the series cyclic, with the median difference of neighbouring significant lags as its period.
 * It takes samples as even; here one lag is their median interval. All zero: never cyclic. `values`: any unit.
 */
export function alnairRule({ timesSeconds, values }: UsageSeries): AlnairVerdict {
  const n = values.length;
  const lags = Math.floor(n / 2);
  if (lags < 3 || !values.some((value) => value > 0)) return silent;
  const correlations = pearsonAtLags(values, lags);
  if (correlations === null) return silent;
  let total = 0;
  let squares = 0;
  for (const r of correlations) total += r;
  const mean = total / lags;
  for (const r of correlations) squares += (r - mean) ** 2;
  const limit = mean + critical * Math.sqrt(squares / lags);
  const peaks: number[] = [];
  for (let lag = 0; lag < lags; lag++) if (correlations[lag]! > limit) peaks.push(lag);
  if (peaks.length <= 2) return silent;
  const gaps = timesSeconds.slice(1).map((time, i) => time - timesSeconds[i]!);
  return { cyclic: true, periodSeconds: median(differences(peaks)) * medianInPlace(gaps) };
}

/** Correlation of the series with itself moved by each lag, over the overlap alone. Null where one overlap does not vary: then the rule gives nothing. */
function pearsonAtLags(values: Float64Array, lags: number): Float64Array | null {
  const n = values.length;
  const sums = new Float64Array(n + 1);
  const squares = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    sums[i + 1] = sums[i]! + values[i]!;
    squares[i + 1] = squares[i]! + values[i]! * values[i]!;
  }
  const out = new Float64Array(lags);
  for (let lag = 0; lag < lags; lag++) {
    const m = n - lag;
    let product = 0;
    for (let i = 0; i < m; i++) product += values[i]! * values[i + lag]!;
    const early = sums[m]!;
    const late = sums[n]! - sums[lag]!;
    const earlySpread = squares[m]! - (early * early) / m;
    const lateSpread = squares[n]! - squares[lag]! - (late * late) / m;
    const tiny = 1e-9 * squares[n]!;
    if (earlySpread <= tiny || lateSpread <= tiny) return null;
    out[lag] = (product - (early * late) / m) / Math.sqrt(earlySpread * lateSpread);
  }
  return out;
}

function differences(ascending: readonly number[]): number[] {
  return ascending.slice(1).map((value, i) => value - ascending[i]!);
}

/** Mean of the two middle values where there are two, as pandas has it. */
function median(values: readonly number[]): number {
  const ascending = values.toSorted((a, b) => a - b);
  const middle = ascending.length / 2;
  return (ascending[Math.ceil(middle) - 1]! + ascending[Math.floor(middle)]!) / 2;
}
