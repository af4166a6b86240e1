import { describe, expect, it } from 'vitest';
import { createDice, periodicSeries } from '../../../test/support/synthetic-series.ts';
import { PreparedUsage } from '../series/prepare.ts';
import type { GpuUsage } from '../verdict.ts';
import { findCycle, type CycleSearch } from './find-cycle.ts';

/** Utilisation: quiet, then a cycle of 20 s, then quiet again; seconds of each. */
function job(before: number, cyclic: number, after: number): GpuUsage {
  const { uniform } = createDice(3);
  const { timesSeconds, values } = periodicSeries(
    {
      shape: 'square 70 %',
      samples: 2 * (before + cyclic + after),
      stepSeconds: 0.5,
      periodSeconds: 20,
    },
    createDice(1),
  );
  const isCyclic = (time: number): boolean => time >= before && time < before + cyclic;
  const util = values.map((value, i) => (isCyclic(timesSeconds[i]!) ? value : 2 * uniform()));
  return { channels: { util: { timesSeconds, values: util } }, sampling: 'native' };
}

function search(usage: GpuUsage, lengths: readonly number[]): CycleSearch {
  const steps = findCycle(new PreparedUsage(usage, 3600), usage, lengths, undefined);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

describe('analysis/period/find-cycle', () => {
  it('takes the shortest window that holds a firm cycle', () => {
    expect(search(job(0, 600, 0), [120, 600])).toMatchObject({ windowSeconds: 120 });
    expect(search(job(0, 600, 0), [40, 600])).toMatchObject({ windowSeconds: 599.5 });
  });

  it('looks at the job alone where its start outweighs its cycles', () => {
    const found = search(job(500, 95, 0), [600]);
    if (found === null || found === 'ended') throw new Error(`found ${found}`);
    expect(Math.abs(found.windowSeconds - 95)).toBeLessThan(5);
  });

  it('gives a job that holds its memory longer for a pause', () => {
    const usage = job(0, 540, 40);
    const { util } = usage.channels;
    const withMemory = (after: number): GpuUsage => {
      const values = util!.timesSeconds.map((time) => (time < 540 ? 9000 : after));
      return { ...usage, channels: { util: util!, memUsed: { ...util!, values } } };
    };
    expect(search(withMemory(0), [120, 600])).toBe('ended');
    expect(search(withMemory(9000), [120, 600])).toMatchObject({ windowSeconds: 579.5 });
  });

  it('tells a cycle that has ended from none', () => {
    expect(search(job(0, 540, 60), [120, 600])).toBe('ended');
    expect(search(job(600, 0, 0), [120, 600])).toBeNull();
  });
});
