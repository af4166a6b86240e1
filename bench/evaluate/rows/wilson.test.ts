import { describe, expect, it } from 'vitest';
import { wilson } from './wilson.ts';

describe('evaluate/rows/wilson', () => {
  // Values of Newcombe 1998, Statistics in Medicine 17:857, table I (method 3), and R's prop.test(correct = FALSE).
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [29, 29, 0.883, 1],
  ])('of %d in %d is %f to %f', (hits, trials, low, high) => {
    const interval = wilson(hits, trials)!;

    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('takes sums of rates, and says nothing without trials', () => {
    expect(wilson(2.5, 5)!.low).toBeLessThan(0.5);
    expect(wilson(0, 0)).toBeNull();
  });
});
