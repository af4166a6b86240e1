import { describe, expect, it } from 'vitest';
import type { GridSeries } from '../series/grid.ts';
import { isGoingOn } from './ongoing.ts';

/** Half-second samples; `value` of the time in seconds. */
function grid(seconds: number, value: (time: number) => number): GridSeries {
  const values = Float64Array.from({ length: 2 * seconds }, (_, i) => value(i / 2));
  return {
    startSeconds: 0,
    stepSeconds: 0.5,
    values,
    covered: new Uint8Array(2 * seconds).fill(1),
  };
}

const square = (time: number, period: number): number => (time % period < 0.5 * period ? 90 : 5);

describe('analysis/period/ongoing', () => {
  it.each([
    [10, 20, true],
    [10, 35, false],
    [40, 35, true],
    [40, 75, false],
  ])('of a period of %d s after %d s of silence: %s', (period, silence, expected) => {
    const end = 480;
    const job = grid(end + silence, (time) => (time < end ? square(time, period) : 3));
    expect(isGoingOn(job, period)).toBe(expected);
  });

  it.each([0.15, 0.92])('runs at every phase of a duty of %d', (duty) => {
    for (let more = 0; more < 60; more += 5) {
      const job = grid(300 + more, (time) => (time % 60 < 60 * duty ? 90 : 5));
      expect(isGoingOn(job, 60)).toBe(true);
    }
  });

  it('waits as long as the cycle has rested before', () => {
    // Steps of 2 s, paused for 50 s in every 200 s.
    const paused = (time: number): number => (time % 200 < 150 ? square(time, 2) : 5);
    expect(isGoingOn(grid(398, paused), 2)).toBe(true);
    const first = grid(198, paused);
    expect(isGoingOn(first, 2)).toBe(false);
    expect(
      isGoingOn(
        grid(480, (time) => (time < 350 ? paused(time) : 5)),
        2,
      ),
    ).toBe(false);
  });

  it('waits as long as it is told a pause may last', () => {
    const job = grid(520, (time) => (time < 480 ? square(time, 10) : 5));
    expect(isGoingOn(job, 10, 60)).toBe(true);
    expect(isGoingOn(job, 10, 30)).toBe(false);
  });

  it('does not take idleness before the job for a rest', () => {
    const job = grid(600, (time) => (time > 200 && time < 540 ? square(time, 10) : 5));
    expect(isGoingOn(job, 10)).toBe(false);
  });

  it('compares with the cycle, not with the jump at its start', () => {
    const ripple = grid(300, (time) => (time < 100 ? 0 : 85 + (3 * square(time, 10)) / 90));
    expect(isGoingOn(ripple, 10)).toBe(true);
  });

  it('does not take a hole in the samples for silence', () => {
    const holed = grid(540, (time) => (time < 480 ? square(time, 10) : 5));
    expect(isGoingOn(holed, 10)).toBe(false);
    holed.covered.fill(0, 960);
    expect(isGoingOn(holed, 10)).toBe(true);
  });

  it('says nothing of windows shorter than a stretch', () => {
    expect(
      isGoingOn(
        grid(25, (time) => (time < 15 ? square(time, 2) : 5)),
        2,
      ),
    ).toBe(true);
  });
});
