import { describe, expect, it } from 'vitest';
import { lowerBound } from './lower-bound.ts';

describe('lib/lower-bound', () => {
  it.each([
    [[], 1, 0],
    [[1, 2, 2, 4], 0, 0],
    [[1, 2, 2, 4], 2, 1],
    [[1, 2, 2, 4], 3, 3],
    [[1, 2, 2, 4], 5, 4],
  ])('%j, %d → %d', (values, bound, index) => {
    expect(lowerBound(Float64Array.from(values), bound)).toBe(index);
  });
});
