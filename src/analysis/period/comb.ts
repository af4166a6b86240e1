import { detector } from '../thresholds.ts';

/** Positions looked at per tooth: the tooth, a little before, a little after, and half a period before it. */
const probes = 4;

/**
 * A comb laid over an autocorrelation: a period P is good when the correlation is high at P, 2P, ... and low half way between.
 * Holds, for one series length, the periods tried and the lags each one looks at.
 */
export class Comb {
  /** In samples, ascending, 1 % apart, from 4 to a third of the series. */
  readonly periods: Float64Array;
  readonly #teeth: Uint8Array;
  readonly #lags: Uint16Array;
  readonly #shares: Float32Array;

  constructor(length: number, maxLag: number) {
    const { minPeriodSamples, minCycles, periodGridRatio, maxTeeth } = detector;
    const count = Math.max(
      1,
      1 + Math.floor(Math.log(length / minCycles / minPeriodSamples) / Math.log(periodGridRatio)),
    );
    this.periods = new Float64Array(count);
    this.#teeth = new Uint8Array(count);
    this.#lags = new Uint16Array(count * maxTeeth * probes);
    this.#shares = new Float32Array(count * maxTeeth * probes);
    for (let p = 0; p < count; p++) {
      const period = minPeriodSamples * periodGridRatio ** p;
      this.periods[p] = period;
      this.#teeth[p] = teethOf(period, maxLag);
      for (let tooth = 1; tooth <= this.#teeth[p]!; tooth++) {
        this.#place(p, tooth, toothProbes(period, tooth), maxLag);
      }
    }
  }

  #place(p: number, tooth: number, positions: readonly number[], maxLag: number): void {
    const base = (p * detector.maxTeeth + tooth - 1) * probes;
    for (const [k, wanted] of positions.entries()) {
      const position = Math.min(wanted, maxLag);
      const lag = Math.min(Math.floor(position), maxLag - 1);
      this.#lags[base + k] = lag;
      this.#shares[base + k] = position - lag;
    }
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
    const lags = this.#lags;
    const shares = this.#shares;
    for (let p = 0; p < this.periods.length; p++) {
      const teeth = this.#teeth[p]!;
      let high = 0;
      let low = 0;
      let at = p * detector.maxTeeth * probes;
      for (let tooth = 0; tooth < teeth; tooth++, at += probes) {
        const centre = interpolate(correlation, lags[at]!, shares[at]!);
        const before = interpolate(correlation, lags[at + 1]!, shares[at + 1]!);
        const after = interpolate(correlation, lags[at + 2]!, shares[at + 2]!);
        high +=
          centre > before ? (centre > after ? centre : after) : before > after ? before : after;
        low += interpolate(correlation, lags[at + 3]!, shares[at + 3]!);
      }
      contrast[offset + p] = (high - low) / teeth;
      if (inPhase !== undefined) inPhase[p] = high / teeth;
    }
  }
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
  const maxLag = correlation.length - 1;
  const teeth = teethOf(period, maxLag);
  let total = 0;
  for (let tooth = 1; tooth <= teeth; tooth++) {
    const [centre, before, after, antiphase] = toothProbes(period, tooth).map((wanted) => {
      const position = Math.min(wanted, maxLag);
      const lag = Math.min(Math.floor(position), maxLag - 1);
      return interpolate(correlation, lag, position - lag);
    });
    total += Math.max(centre!, before!, after!) - antiphase!;
  }
  return total / teeth;
}

/** How many multiples of a period (samples) are looked at. */
export function teethOf(period: number, maxLag: number): number {
  return Math.max(1, Math.min(Math.floor(maxLag / period), detector.maxTeeth));
}

function toothProbes(period: number, tooth: number): readonly number[] {
  const lag = period * tooth;
  const reach = tooth === 1 ? 0 : Math.max(1, detector.toothToleranceShare * lag) / 2;
  return [lag, lag - reach, lag + reach, lag - period / 2];
}

function interpolate(correlation: Float64Array, lag: number, share: number): number {
  const here = correlation[lag]!;
  return here + (correlation[lag + 1]! - here) * share;
}
