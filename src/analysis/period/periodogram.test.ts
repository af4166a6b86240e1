import { describe, expect, it } from 'vitest';
import { createDice } from '../../../test/support/synthetic-series.ts';
import { periodogram } from './periodogram.ts';

/** 300 stamps with intervals of 0.5 to 1.5 s. */
function randomTimes(seed: number): Float64Array {
  const { uniform } = createDice(seed);
  let time = 1.7e9;
  return Float64Array.from({ length: 300 }, () => (time += 0.5 + uniform()));
}

/** The definition, at one frequency. */
function powerAt(times: Float64Array, values: Float64Array, hertz: number): number {
  let real = 0;
  let imaginary = 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  for (const [i, time] of times.entries()) {
    const angle = 2 * Math.PI * hertz * (time - times[0]!);
    real += (values[i]! - mean) * Math.cos(angle);
    imaginary += (values[i]! - mean) * Math.sin(angle);
  }
  return (real * real + imaginary * imaginary) / values.length;
}

describe('analysis/period/periodogram', () => {
  it.each([0.05, 0.8, 3.3, 7.1])('shows a sine of %d Hz where it is, and nowhere else', (hertz) => {
    const times = randomTimes(1);
    const values = times.map((time) => 50 + 20 * Math.sin(2 * Math.PI * hertz * time));
    const { powers, stepHertz } = periodogram(times, values, 10);
    const top = powers.indexOf(Math.max(...powers));
    expect(Math.abs(top * stepHertz - hertz)).toBeLessThan(2 * stepHertz);
    const elsewhere = powers.filter((_, k) => Math.abs(k * stepHertz - hertz) > 0.05);
    expect(Math.max(...elsewhere)).toBeLessThan(0.2 * powers[top]!);
  });

  it('is what its definition says, but for the cells', () => {
    const times = randomTimes(2);
    const values = times.map((time) => 10 * Math.sign(Math.sin(2 * Math.PI * 0.7 * time)));
    const { powers, stepHertz } = periodogram(times, values, 5);
    for (const k of [10, 200, Math.round(0.7 / stepHertz)]) {
      const exact = powerAt(times, values, k * stepHertz);
      expect(Math.abs(powers[k]! - exact)).toBeLessThan(0.1 * exact + 20);
    }
  });

  it('has the variance of noise as its mean', () => {
    const { normal } = createDice(3);
    const times = randomTimes(3);
    const { powers } = periodogram(
      times,
      times.map(() => 5 * normal()),
      10,
    );
    const mean = powers.reduce((sum, power) => sum + power, 0) / powers.length;
    expect(mean).toBeGreaterThan(20);
    expect(mean).toBeLessThan(30);
  });

  it('stays within its largest transform however long the samples last', () => {
    const times = Float64Array.from({ length: 300 }, (_, i) => i * 1e4 + (i % 7) * 1e3);
    const { powers } = periodogram(times, times, 10);
    expect(powers.length).toBeLessThanOrEqual(32_768);
    expect(powers.every(Number.isFinite)).toBe(true);
  });
});
