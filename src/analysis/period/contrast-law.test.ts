import { describe, expect, it } from 'vitest';
import { createDice } from '../../../test/support/synthetic-series.ts';
import { detector } from '../thresholds.ts';
import { ContrastLaw } from './contrast-law.ts';

const width = 40;
const all = detector.surrogateCounts.at(-1)!;

/** Rows of normal contrasts, each period around a mean of its own. */
function rows(drawn: number, seed: number, levelOf = (_period: number): number => 0): Float32Array {
  const { normal } = createDice(seed);
  return Float32Array.from({ length: drawn * width }, (_, at) => levelOf(at % width) + normal());
}

const everyPeriod = [...Array(width).keys()];

describe('analysis/period/contrast-law', () => {
  it('gives p below 10 % to about 10 % of further random series', () => {
    const law = new ContrastLaw({ values: rows(all, 1), width, drawn: all });
    const further = rows(2_000, 2);
    let below = 0;
    for (let b = 0; b < 2_000; b++) {
      const contrast = further.subarray(b * width, (b + 1) * width);
      if (Math.min(...law.pValues(contrast, everyPeriod)) < 0.1) below++;
    }
    expect(below / 2_000).toBeGreaterThan(0.06);
    expect(below / 2_000).toBeLessThan(0.15);
  });

  it('judges each period by what is usual there', () => {
    const rising = (period: number): number => period / 4;
    const law = new ContrastLaw({ values: rows(all, 3, rising), width, drawn: all });
    const contrast = new Float32Array(width).fill(6);
    const [low, high] = law.pValues(contrast, [0, width - 1]);
    expect(low).toBeLessThan(0.01);
    expect(high).toBeGreaterThan(0.99);
  });

  it('says of periods at which nothing varies neither NaN nor certainty', () => {
    const law = new ContrastLaw({ values: new Float32Array(12 * width), width, drawn: 12 });
    expect(law.pValues(new Float32Array(width), [0])[0]).toBeGreaterThan(0.1);
    expect(law.pValues(new Float32Array(width).fill(1), [0])[0]).toBeLessThan(0.01);
  });
});
