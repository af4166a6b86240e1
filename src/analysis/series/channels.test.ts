import { describe, expect, it } from 'vitest';
import { movingValues } from './channels.ts';

function square(low: number, high: number): Float64Array {
  return Float64Array.from({ length: 100 }, (_, i) => (i % 10 < 5 ? low : high));
}

describe('analysis/series/channels', () => {
  it.each([
    ['util', 50, 53, false],
    ['util', 50, 55, true],
    ['memCopy', 10, 13, false],
    ['memUsed', 1000, 1060, false],
    ['memUsed', 1000, 1070, true],
    ['memUsed', 40_000, 40_500, false],
    ['memUsed', 40_000, 41_000, true],
    ['power', 60, 67, false],
    ['power', 60, 70, true],
    ['power', 300, 320, false],
    ['power', 300, 330, true],
  ] as const)('%s between %d and %d moves: %s', (channel, low, high, expected) => {
    expect(movingValues(channel, square(low, high)) !== null).toBe(expected);
  });

  it('gives memory in percent of its maximum', () => {
    expect(Math.max(...movingValues('memUsed', square(500, 2000))!)).toBe(100);
  });

  it('does not take one outlier for movement', () => {
    const values = new Float64Array(200).fill(30);
    values[7] = 90;
    expect(movingValues('util', values)).toBeNull();
  });
});
