import { describe, expect, it } from 'vitest';
import { createRandom } from '../lib/random.ts';
import { TierSchedule } from './tier-schedule.ts';

const cadence = {
  usage: { meanMs: 200, randomised: true },
  memory: { meanMs: 1_000, randomised: false },
  slow: null,
} as const;

describe('sampling/tier-schedule', () => {
  it('has each tier due at once at first, usage before memory, and leaves out what comes along', () => {
    const schedule = new TierSchedule(() => cadence, Math.random);
    expect(schedule.next()?.tier).toBe('usage');
    schedule.done('usage', 0);
    expect(schedule.next()?.tier).toBe('memory');
    schedule.done('memory', 0);
    expect(schedule.next()?.tier).toBe('usage');
  });

  it('draws intervals from half to one and a half of the mean', () => {
    const schedule = new TierSchedule(() => cadence, createRandom(1));
    schedule.done('memory', 1e9);
    const intervals = Array.from({ length: 2_000 }, () => {
      schedule.done('usage', 0);
      return schedule.next()?.dueMs ?? Number.NaN;
    });
    expect(Math.min(...intervals)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...intervals)).toBeLessThan(300);
    const mean = intervals.reduce((sum, ms) => sum + ms, 0) / intervals.length;
    expect(mean).toBeGreaterThan(195);
    expect(mean).toBeLessThan(205);
    // Spread out, not two or three values.
    expect(new Set(intervals.map((ms) => Math.floor(ms / 10))).size).toBe(20);
  });

  it('keeps a tier that is not randomised regular', () => {
    const schedule = new TierSchedule(() => ({ ...cadence, usage: null }), Math.random);
    schedule.done('memory', 500);
    expect(schedule.next()).toEqual({ tier: 'memory', dueMs: 1_500 });
  });

  it('tells how far apart samples of utilisation are, whatever the slow tier does', () => {
    const slow = { meanMs: 15_000, randomised: false };
    const often = new TierSchedule(() => ({ ...cadence, slow }), Math.random);
    expect(often.sampleSpacingMs()).toBe(600);
    expect(often.shortestMeanMs()).toBe(200);
    const usage = { meanMs: 5_000, randomised: true, sampleSpacingMs: 45_000 };
    const renewedSeldom = new TierSchedule(
      () => ({ usage, memory: null, slow: null }),
      Math.random,
    );
    expect(renewedSeldom.sampleSpacingMs()).toBe(45_000);
    expect(renewedSeldom.shortestMeanMs()).toBe(5_000);
  });

  it('has nothing due when no tier is read', () => {
    expect(
      new TierSchedule(() => ({ usage: null, memory: null, slow: null }), Math.random).next(),
    ).toBeNull();
  });
});
