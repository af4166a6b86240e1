import { detector } from '../thresholds.ts';
import { LagProbes, toothReach } from './lag-probes.ts';

/** Where each tooth of each period looks. It does not depend on the length of a series: a shorter one only has fewer periods and teeth. */
interface Table {
  /** In samples, ascending, 1 % apart. */
  readonly periods: Float64Array;
  /** Places of LagProbes, six per period: at the multiples 1 ... 6, and half a period before them. */
  readonly onTooth: Uint16Array;
  readonly between: Uint16Array;
}

let widest = makeTable(0);

function makeTable(count: number): Table {
  const { minPeriodSamples, periodGridRatio, maxTeeth } = detector;
  const periods = Float64Array.from(
    { length: count },
    (_, p) => minPeriodSamples * periodGridRatio ** p,
  );
  const onTooth = new Uint16Array(count * maxTeeth);
  const between = new Uint16Array(count * maxTeeth);
  for (let at = 0; at < onTooth.length; at++) {
    const period = periods[Math.floor(at / maxTeeth)]!;
    const tooth = 1 + (at % maxTeeth);
    onTooth[at] = LagProbes.placeOf(tooth * period);
    between[at] = LagProbes.placeOf((tooth - 0.5) * period);
  }
  return { periods, onTooth, between };
}

/**
 * A comb laid over an autocorrelation: a period P is good when the correlation is high at P, 2P, ... and low half way between.
 * Holds, for one series length, the periods tried.
 */
export class Comb {
  /** In samples, ascending, 1 % apart, from 4 to a third of the series. */
  readonly periods: Float64Array;
  readonly #teeth: Uint8Array;
  readonly #probes: LagProbes;

  constructor(length: number, maxLag: number) {
    const { minPeriodSamples, minCycles, periodGridRatio } = detector;
    const count = Math.max(
      1,
      1 + Math.floor(Math.log(length / minCycles / minPeriodSamples) / Math.log(periodGridRatio)),
    );
    if (count > widest.periods.length) widest = makeTable(count);
    this.periods = widest.periods.subarray(0, count);
    this.#teeth = Uint8Array.from(this.periods, (period) => teethOf(period, maxLag));
    this.#probes = new LagProbes(maxLag);
  }

  /**
   * For each period: contrast (in phase minus antiphase, at most 2) to `contrast` from `offset` on and, if asked, the in-phase mean to `inPhase`.
   */
  score(
    correlation: Float64Array,
    contrast: Float32Array,
    offset: number,
    inPhase?: Float32Array,
  ): void {
    const { exact, near } = this.#probes;
    this.#probes.read(correlation);
    const { onTooth, between } = widest;
    const teethOfAll = this.#teeth;
    for (let p = 0, first = 0; p < teethOfAll.length; p++, first += detector.maxTeeth) {
      const teeth = teethOfAll[p]!;
      let high = exact[onTooth[first]!]!;
      let low = exact[between[first]!]!;
      for (let at = first + 1; at < first + teeth; at++) {
        high += near[onTooth[at]!]!;
        low += exact[between[at]!]!;
      }
      contrast[offset + p] = (high - low) / teeth;
      if (inPhase !== undefined) inPhase[p] = high / teeth;
    }
  }
}

/**
 * Contrasts of many periods (samples) with each tooth at its exact place. To choose among periods that all repeat, where the comb's places would favour long ones:
 * rounded to whole lags their teeth meet the tops of narrow peaks, which those of short periods pass by a little.
 */
export function exactContrasts(correlation: Float64Array, periods: Float64Array): Float32Array {
  return Float32Array.from(periods, (period) => contrastAt(correlation, period));
}

/** Contrast of any one period (samples), the best within 1 % of it: the grid of the comb may miss the top of a narrow peak. */
export function contrastNear(correlation: Float64Array, period: number): number {
  let best = -Infinity;
  for (let step = -4; step <= 4; step++) {
    best = Math.max(best, contrastAt(correlation, period * (1 + step / 400)));
  }
  return best;
}

function contrastAt(correlation: Float64Array, period: number): number {
  const teeth = teethOf(period, correlation.length - 1);
  let total = 0;
  for (let tooth = 1; tooth <= teeth; tooth++) {
    const lag = tooth * period;
    const reach = tooth === 1 ? 0 : toothReach(lag);
    const centre = interpolate(correlation, lag);
    const before = interpolate(correlation, lag - reach);
    const after = interpolate(correlation, lag + reach);
    total += Math.max(centre, before, after) - interpolate(correlation, lag - period / 2);
  }
  return total / teeth;
}

/** How many multiples of a period (samples) are looked at. */
export function teethOf(period: number, maxLag: number): number {
  return Math.max(1, Math.min(Math.floor(maxLag / period), detector.maxTeeth));
}

/** Linear between two lags; beyond the last it stays. */
function interpolate(correlation: Float64Array, wanted: number): number {
  const maxLag = correlation.length - 1;
  const position = Math.min(wanted, maxLag);
  const lag = Math.min(Math.floor(position), maxLag - 1);
  const here = correlation[lag]!;
  return here + (correlation[lag + 1]! - here) * (position - lag);
}
