import { describe, expect, it } from 'vitest';
import { heldMs, windowOf } from './held-value.ts';
import { Ring } from './ring.ts';

function ringOf(samples: readonly (readonly [timeMs: number, value: number])[]): Ring {
  const ring = new Ring({ historyMs: 600_000, capacityMax: 1_000 });
  for (const [timeMs, value] of samples) ring.push(timeMs, value);
  return ring;
}

describe('sampling/held-value', () => {
  it('lets a sample stand for the time since the one before, up to the cap', () => {
    expect(heldMs(1_000, 1_200, 5_000)).toBe(200);
    expect(heldMs(1_000, 61_000, 5_000)).toBe(5_000);
    expect(heldMs(2_000, 1_000, 5_000)).toBe(0);
  });

  it('weights the mean by time, so that irregular sampling does not bend it', () => {
    // 100 % over one second in ten samples, then 0 % over nine seconds in one.
    const busy = Array.from({ length: 10 }, (_, i) => [100 + i * 100, 100] as const);
    const window = windowOf(ringOf([[0, 0], ...busy, [10_000, 0]]), 10_000, 10_001, 60_000);
    expect(window?.meanPercent).toBeCloseTo(10, 6);
    expect(window?.maxPercent).toBe(100);
    expect(window?.sampleCount).toBe(12);
  });

  it('counts of the first sample only the part inside the window', () => {
    const window = windowOf(
      ringOf([
        [0, 0],
        [10_000, 100],
        [11_000, 0],
      ]),
      11_000,
      2_000,
      60_000,
    );
    // 1 s of the 10 s of the second sample, then 1 s of the third.
    expect(window?.meanPercent).toBeCloseTo(50, 6);
  });

  it('is null without a sample in the window: no data is not zero', () => {
    expect(windowOf(ringOf([[0, 50]]), 60_000, 30_000, 5_000)).toBeNull();
    expect(windowOf(ringOf([]), 60_000, 30_000, 5_000)).toBeNull();
  });

  it('takes the plain mean of a single sample', () => {
    expect(windowOf(ringOf([[1_000, 42]]), 1_500, 30_000, 5_000)?.meanPercent).toBe(42);
  });
});
