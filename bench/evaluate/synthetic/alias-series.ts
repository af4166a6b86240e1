import type { UsageSeries } from '../../../src/analysis/verdict.ts';
import type { Dice } from '../../../test/support/synthetic-series.ts';

/** How something faster than the sampling is looked at. */
export interface AliasSampling {
  readonly name: string;
  readonly samples: number;
  readonly intervalSeconds: number;
  /** Half width of the uniform spread of each interval, share of the interval. */
  readonly spread: number;
  /** The counter's value is the mean over this long before the sample; 0: the value of the moment. */
  readonly averagingSeconds: number;
  /** Standard deviation of each step's length, share of the period. */
  readonly stepJitter: number;
  /** What the product would call such samples. */
  readonly sampling: 'native' | 'scraped';
}

const high = 95;
const low = 5;

/** Mean of the steps that begin at `starts` over [from, to]: high in the first half of each step, low in the second. */
class StepIntegral {
  readonly #periodSeconds: number;
  readonly #jitter: number;
  readonly #dice: Dice;
  #start: number;
  #length: number;
  /** Integral up to the start of the present step. */
  #area = 0;

  constructor(periodSeconds: number, jitter: number, from: number, dice: Dice) {
    this.#periodSeconds = periodSeconds;
    this.#jitter = jitter;
    this.#dice = dice;
    this.#length = periodSeconds;
    this.#start = from - periodSeconds * dice.uniform();
  }

  /** Must be asked in ascending order. */
  until(time: number): number {
    while (time >= this.#start + this.#length) {
      this.#area += ((high + low) / 2) * this.#length;
      this.#start += this.#length;
      const factor = Math.max(0.2, 1 + this.#jitter * this.#dice.normal());
      this.#length = this.#periodSeconds * factor;
    }
    const into = time - this.#start;
    const half = this.#length / 2;
    return this.#area + (into <= half ? high * into : high * half + low * (into - half));
  }
}

/** A square wave of 95 and 5 % sampled so, with a noise of one point and whole percents, as the drivers give them. */
export function aliasSeries(
  sampling: AliasSampling,
  periodSeconds: number,
  dice: Dice,
): UsageSeries {
  const { samples, intervalSeconds, spread, stepJitter } = sampling;
  // The value of a moment is the mean over a very short time.
  const averaging = Math.max(sampling.averagingSeconds, 1e-6);
  const times = new Float64Array(samples);
  let time = 0;
  for (let i = 0; i < samples; i++) {
    times[i] = time;
    time += intervalSeconds * (1 + spread * (2 * dice.uniform() - 1));
  }
  const edges = [...new Set([...times].flatMap((at) => [at - averaging, at]))].sort(
    (a, b) => a - b,
  );
  const integral = new StepIntegral(periodSeconds, stepJitter, edges[0]!, dice);
  const areas = new Map(edges.map((edge) => [edge, integral.until(edge)]));
  const values = times.map((at) => {
    const mean = (areas.get(at)! - areas.get(at - averaging)!) / averaging;
    return Math.round(Math.min(100, Math.max(0, mean + dice.normal())));
  });
  return { timesSeconds: times, values };
}
