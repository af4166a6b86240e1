import { describe, expect, it } from 'vitest';
import { describeCycle, dutyRatio } from './cycle.ts';

function square(n: number, period: number, duty: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => (i % period < duty * period ? 90 : 5));
}

describe('analysis/period/cycle', () => {
  it.each([0.2, 0.5, 0.7])('measures a duty of %d over whole cycles', (duty) => {
    expect(dutyRatio(square(215, 20, duty), 20)).toBeCloseTo(duty, 6);
  });

  it('describes a detection, and shows its period only where it may', () => {
    const detection = {
      channel: 'power',
      periodSeconds: 20,
      cycles: 10,
      pValue: 1e-5,
      samplesPerPeriod: 20,
    } as const;
    const grid = {
      startSeconds: 0,
      stepSeconds: 1,
      values: square(200, 20, 0.5),
      covered: new Uint8Array(200),
    };
    for (const publishable of [true, false]) {
      expect(describeCycle(detection, grid, publishable)).toMatchObject({
        publishable,
        periodSeconds: 20,
        channel: 'power',
        dutyRatio: 0.5,
        pValue: 1e-5,
      });
    }
  });
});
