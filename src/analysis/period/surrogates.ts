import { detrendInPlace } from '../series/detrend.ts';
import { ContrastLaw } from './contrast-law.ts';
import type { SurrogateSource } from './red-noise.ts';
import type { Tables } from './tables.ts';

/** Arrays of one pair of surrogates. */
interface Pair {
  readonly series: readonly [Float64Array, Float64Array];
  readonly correlations: readonly [Float64Array, Float64Array];
  readonly scratch: Float64Array;
}

/** Contrasts of surrogates of one null hypothesis, as many as were asked for so far. */
export class Surrogates {
  readonly #source: SurrogateSource;
  readonly #tables: Tables;
  readonly #width: number;
  /** One row of contrasts per surrogate. */
  #scores = new Float32Array(0);
  #drawn = 0;
  #pair: Pair | undefined;

  constructor(source: SurrogateSource, tables: Tables) {
    this.#source = source;
    this.#tables = tables;
    this.#width = tables.comb.periods.length;
  }

  /** Draws on until there are `count` (even). Yields after each pair, which takes some tenths of a millisecond at most. */
  *drawUpTo(count: number): Generator<void, void> {
    if (count > this.#drawn) {
      const scores = new Float32Array(count * this.#width);
      scores.set(this.#scores);
      this.#scores = scores;
    }
    while (this.#drawn < count) {
      this.#drawPair((this.#pair ??= makePair(this.#tables)));
      yield;
    }
  }

  #drawPair({ series, correlations, scratch }: Pair): void {
    const { autocorrelation, comb } = this.#tables;
    for (const each of series) {
      this.#source(each);
      detrendInPlace(each, scratch);
    }
    autocorrelation.compute(series[0], series[1], correlations[0], correlations[1]);
    for (const each of correlations) comb.score(each, this.#scores, this.#drawn++ * this.#width);
  }

  /** What the contrasts drawn so far say about further ones. */
  law(): ContrastLaw {
    return new ContrastLaw({ values: this.#scores, width: this.#width, drawn: this.#drawn });
  }
}

function makePair({ autocorrelation: { length, maxLag } }: Tables): Pair {
  return {
    series: [new Float64Array(length), new Float64Array(length)],
    correlations: [new Float64Array(maxLag + 1), new Float64Array(maxLag + 1)],
    scratch: new Float64Array(length),
  };
}
