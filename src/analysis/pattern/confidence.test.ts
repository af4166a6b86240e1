import { describe, expect, it } from 'vitest';
import { detector } from '../thresholds.ts';
import { classConfidence, cycleConfidence, toConfidence } from './confidence.ts';

describe('analysis/pattern/confidence', () => {
  it.each([
    [0, 600, 0.5],
    [1, 600, 1],
    [5, 600, 1],
    [-1, 600, 0.5],
    [1, 24, 0.7],
    [0.5, 60, 0.75],
  ])('of a class at margin %d with %d samples is %d', (margin, samples, expected) => {
    expect(classConfidence(margin, samples)).toBe(expected);
  });

  it.each([
    [3, 1e-12, 0.5],
    [20, detector.alpha, 0.5],
    [7, 1e-4, 1],
    [5, 1e-9, 0.75],
    [20, detector.alpha / 10, 0.75],
    [20, 0, 1],
  ])('of %d cycles at p %d is %d', (cycles, p, expected) => {
    expect(cycleConfidence(cycles, p)).toBe(expected);
  });

  it('moves in steps and stays in bounds', () => {
    expect(toConfidence(0.523)).toBe(0.5);
    expect(toConfidence(7)).toBe(1);
    expect(toConfidence(-7)).toBe(0);
  });
});
