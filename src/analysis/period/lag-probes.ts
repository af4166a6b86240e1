import { detector } from '../thresholds.ts';

const { minPeriodSamples, maxTeeth, toothToleranceShare } = detector;
/**
 * Below this lag places are a quarter of a sample apart, from it on whole samples. Teeth of a period of P samples lie no further out than maxTeeth x P, so a
 * tooth is never looked for more than 1 / 32 of its period beside its place: with 4 samples in it an eighth of a sample, from 16 on half of one.
 */
const perLag = 4;
const fineLags = perLag * minPeriodSamples * maxTeeth;
/** The quarters go on a little, so that what is near the last of them is among them. */
const fineEnd = fineLags + Math.ceil(toothReach(fineLags)) + 1;
/** Place of lag 0, had whole lags a place below `fineLags`. */
const wholeFrom = perLag * fineEnd + 1 - fineLags;
const fineReach = Uint8Array.from({ length: perLag * fineLags }, (_, place) =>
  Math.round(perLag * toothReach(place / perLag)),
);

/** How far (samples) a second or later tooth may lie beside its multiple: cycles jitter, and the multiples add it up. */
export function toothReach(lag: number): number {
  return Math.max(1, toothToleranceShare * lag) / 2;
}

/**
 * An autocorrelation read at all places at which a comb looks. A comb has hundreds of periods with six teeth each, but the places are few: read once per place
 * and not once per tooth, the comb costs a fifth with 120 samples and a third with 1200.
 */
export class LagProbes {
  /** By place: the correlation, linear between lags. */
  readonly exact: Float64Array;
  /** By place: the largest of the correlation there, a reach before and a reach after. */
  readonly near: Float64Array;
  readonly #maxLag: number;
  /** By lag, whole samples. */
  readonly #wholeReach: Uint8Array;

  constructor(maxLag: number) {
    this.#maxLag = maxLag;
    const places = LagProbes.placeOf(Math.max(fineLags, maxLag)) + 1;
    this.exact = new Float64Array(places);
    this.near = new Float64Array(places);
    this.#wholeReach = Uint8Array.from({ length: maxLag + 1 }, (_, lag) =>
      Math.round(toothReach(lag)),
    );
  }

  /** The place nearest to a lag (samples). */
  static placeOf(lag: number): number {
    const quarters = Math.round(perLag * lag);
    return quarters < perLag * fineLags ? quarters : wholeFrom + Math.round(lag);
  }

  /** Overwrites both arrays. `correlation`: lags 0 ... maxLag. */
  read(correlation: Float64Array): void {
    this.#readQuarters(correlation);
    const { exact, near } = this;
    const maxLag = this.#maxLag;
    const wholeReach = this.#wholeReach;
    for (let lag = fineLags; lag <= maxLag; lag++) {
      const reach = wholeReach[lag]!;
      const before = correlation[lag - reach]!;
      const here = correlation[lag]!;
      const after = correlation[lag + reach < maxLag ? lag + reach : maxLag]!;
      exact[wholeFrom + lag] = here;
      near[wholeFrom + lag] = Math.max(here, Math.max(before, after));
    }
  }

  #readQuarters(correlation: Float64Array): void {
    const { exact, near } = this;
    const last = Math.min(this.#maxLag, fineEnd);
    for (let lag = 0, place = 0; lag < last; lag++, place += perLag) {
      const here = correlation[lag]!;
      const step = (correlation[lag + 1]! - here) / perLag;
      exact[place] = here;
      exact[place + 1] = here + step;
      exact[place + 2] = here + 2 * step;
      exact[place + 3] = here + 3 * step;
    }
    exact.fill(correlation[last]!, perLag * last, perLag * fineEnd + 1);
    const end = Math.min(perLag * fineLags, perLag * last + 1);
    for (let place = perLag * minPeriodSamples; place < end; place++) {
      const reach = fineReach[place]!;
      near[place] = Math.max(exact[place]!, Math.max(exact[place - reach]!, exact[place + reach]!));
    }
  }
}
