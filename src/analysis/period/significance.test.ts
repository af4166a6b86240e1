import { describe, expect, it } from 'vitest';
import { createDice, nullFamilies } from '../../../test/support/synthetic-series.ts';
import { detrendInPlace } from '../series/detrend.ts';
import { Autocorrelation } from './autocorrelation.ts';
import { Comb } from './comb.ts';
import { significance } from './significance.ts';

/** Smallest p over all periods, and how often the test paused. */
function test(values: Float64Array, alpha: number): { p: number; pauses: number } {
  const n = values.length;
  const autocorrelation = new Autocorrelation(n);
  const comb = new Comb(n, autocorrelation.maxLag);
  const detrended = Float64Array.from(values);
  detrendInPlace(detrended, new Float64Array(n));
  const correlation = new Float64Array(autocorrelation.maxLag + 1);
  autocorrelation.compute(detrended, detrended, correlation, new Float64Array(correlation.length));
  const contrast = new Float32Array(comb.periods.length);
  comb.score(correlation, contrast, 0);
  const indexes = [...comb.periods.keys()];
  const steps = significance({ values, contrast, indexes }, { autocorrelation, comb }, alpha);
  for (let pauses = 0; ; pauses++) {
    const step = steps.next();
    if (step.done === true) return { p: step.value === null ? 1 : Math.min(...step.value), pauses };
  }
}

describe('analysis/period/significance', () => {
  it('finds a clear cycle beyond doubt, early', () => {
    const { normal } = createDice(4);
    const square = Float64Array.from(
      { length: 300 },
      (_, i) => (i % 20 < 12 ? 90 : 10) + 3 * normal(),
    );
    // The first time what noise of this length and correlation does is learnt, too.
    test(square, 0.01);
    const { p, pauses } = test(square, 0.01);
    expect(p).toBeLessThan(1e-6);
    expect(pauses).toBeLessThan(40);
  });

  it('draws no surrogates for most series of a noise that it knows', () => {
    const family = nullFamilies['AR(1) 0.7']!;
    const pauses = Array.from({ length: 40 }, (_, seed) => {
      const values = family(150, createDice(seed));
      test(values, 0.01);
      return test(values, 0.01).pauses;
    });
    expect(pauses.filter((count) => count === 0).length).toBeGreaterThan(25);
  });

  it('gives p below 5 % in about 5 % of series of one null, or fewer, for both must reject', () => {
    const ps = Array.from(
      { length: 120 },
      (_, seed) => test(nullFamilies['AR(1) 0.7']!(150, createDice(seed)), 0.05).p,
    );
    expect(ps.filter((p) => p < 0.05).length / 120).toBeLessThan(0.11);
  });

  it('rejects against on/off as well: a null of red noise alone would let bursts pass', () => {
    const family = nullFamilies['random on/off, ~15 bursts']!;
    const ps = Array.from({ length: 60 }, (_, seed) => test(family(300, createDice(seed)), 0.01).p);
    expect(ps.filter((p) => p < 0.01).length).toBeLessThanOrEqual(3);
  });
});
