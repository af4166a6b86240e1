import { describe, expect, it } from 'vitest';
import { clip, detrendInPlace } from './detrend.ts';
import { deviation, mean } from './statistics.ts';

/** The definition, in the slow way: mirrored ends about the first and last sample. */
function slowMovingMeanResidual(line: Float64Array): Float64Array {
  const n = line.length;
  const half = Math.floor(n / 2.5 / 2);
  return line.map((value, i) => {
    let total = 0;
    for (let k = i - half; k <= i + half; k++) {
      total += line[k < 0 ? -k : k >= n ? 2 * (n - 1) - k : k]!;
    }
    return value - total / (2 * half + 1);
  });
}

describe('analysis/series/detrend', () => {
  it('takes a line away entirely', () => {
    const line = Float64Array.from({ length: 100 }, (_, i) => 3 + 0.7 * i);
    detrendInPlace(line, new Float64Array(100));
    expect(Math.max(...line.map(Math.abs))).toBeLessThan(1e-9);
  });

  it('subtracts the moving mean of the definition', () => {
    // Symmetric about its middle, so the least-squares line is level and only the mean is left to compare.
    const wave = Float64Array.from(
      { length: 101 },
      (_, i) => Math.cos((i - 50) / 3) + ((i - 50) / 40) ** 2,
    );
    const level = mean(wave);
    const expected = slowMovingMeanResidual(wave.map((value) => value - level));
    const actual = Float64Array.from(wave);
    detrendInPlace(actual, new Float64Array(101));
    for (const [i, value] of actual.entries()) expect(value).toBeCloseTo(expected[i]!, 10);
  });

  it('keeps a cycle that fits many times', () => {
    const sine = Float64Array.from(
      { length: 600 },
      (_, i) => Math.sin((2 * Math.PI * i) / 30) + i / 100,
    );
    detrendInPlace(sine, new Float64Array(600));
    expect(deviation(sine)).toBeCloseTo(Math.SQRT1_2, 1);
  });

  it('clips single outliers only', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => i % 10);
    values[500] = 100;
    expect(Math.max(...clip(values))).toBe(9);
    expect(values[500]).toBe(100);
  });
});
