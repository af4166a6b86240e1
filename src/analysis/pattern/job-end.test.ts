import { describe, expect, it } from 'vitest';
import { PreparedUsage } from '../series/prepare.ts';
import { classes } from '../thresholds.ts';
import type { GpuUsage } from '../verdict.ts';
import { activityOf } from './activity.ts';
import { jobEnd, type JobEnd } from './job-end.ts';

type Memory = 'held' | 'released' | 'unknown';

const workSeconds = 200;

/** Two samples a second: work, with a rest of `pauseSeconds` in it, then rest. */
function endOf(restSeconds: number, memory: Memory, pauseSeconds = 0): JobEnd {
  const timesSeconds = Float64Array.from(
    { length: 2 * (workSeconds + restSeconds) },
    (_, i) => i / 2,
  );
  const works = (time: number): boolean =>
    time < workSeconds && !(time >= 100 && time < 100 + pauseSeconds);
  const util = { timesSeconds, values: timesSeconds.map((time) => (works(time) ? 90 : 0)) };
  const memUsed = {
    timesSeconds,
    values: timesSeconds.map((time) => (time < workSeconds || memory === 'held' ? 9000 : 10)),
  };
  const usage: GpuUsage = {
    channels: memory === 'unknown' ? { util } : { util, memUsed },
    sampling: 'native',
  };
  const prepared = new PreparedUsage(usage, 3600);
  return jobEnd(prepared, activityOf(prepared, usage, classes)!, usage);
}

describe('analysis/pattern/job-end', () => {
  it.each<[Memory, number]>([
    ['released', 10],
    ['unknown', 30],
    ['held', 50],
  ])('says that a fast cycle is over, memory %s, after %d s', (memory, seconds) => {
    expect(endOf(seconds - 2, memory).isOver(2)).toBe(false);
    expect(endOf(seconds + 2, memory).isOver(2)).toBe(true);
  });

  it('leaves a slow cycle one and a half periods, one where the memory is gone', () => {
    expect(endOf(85, 'held').isOver(60)).toBe(false);
    expect(endOf(95, 'held').isOver(60)).toBe(true);
    expect(endOf(65, 'released').isOver(60)).toBe(true);
  });

  it.each<[Memory, number, string]>([
    ['released', 42, 'idle'],
    ['unknown', 42, 'idle'],
    ['held', 52, 'alloc-idle'],
  ])('says what it is now, memory %s, after %d s: %s', (memory, seconds, pattern) => {
    expect(endOf(seconds - 4, memory).idle).toBeNull();
    expect(endOf(seconds, memory).idle).toMatchObject({ pattern, windowSeconds: seconds });
  });

  it('waits longer where the work has paused before', () => {
    expect(endOf(70, 'released', 40).idle).toBeNull();
    expect(endOf(45, 'released', 40).isOver(2)).toBe(false);
    expect(endOf(55, 'released', 40).isOver(2)).toBe(true);
    expect(endOf(85, 'released', 40).idle).toMatchObject({ pattern: 'idle' });
  });
});
