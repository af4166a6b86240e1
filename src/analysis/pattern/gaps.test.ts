import { describe, expect, it } from 'vitest';
import { gapShare } from './gaps.ts';

const busy = 90;

describe('analysis/pattern/gaps', () => {
  it('is the share of low samples where they come as fast as the driver averages', () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => (i % 5 === 0 ? 0 : busy));
    expect(gapShare({ values, stepSeconds: 0.1 }, 5)).toBeCloseTo(0.2, 9);
    expect(gapShare({ values, stepSeconds: 1 }, 5)).toBeCloseTo(0.2, 9);
  });

  it('takes a single low sample among slow ones for the second that it tells of', () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => (i % 5 === 0 ? 0 : busy));
    expect(gapShare({ values, stepSeconds: 60 }, 5)).toBeCloseTo(0.2 / 60, 9);
  });

  it('takes low samples in a row for a gap, however far apart they are', () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => (i % 50 < 10 ? 0 : busy));
    expect(gapShare({ values, stepSeconds: 60 }, 5)).toBeCloseTo((2 * (9 + 1 / 60)) / 100, 9);
  });
});
