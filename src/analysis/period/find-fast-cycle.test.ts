import { describe, expect, it } from 'vitest';
import { createDice, evenly } from '../../../test/support/synthetic-series.ts';
import { analyse } from '../analyse.ts';
import type { ChannelEvidence } from '../evidence.ts';
import type { UsageSeries } from '../verdict.ts';

/** Steps of 0.3 s for `busySeconds`, then rest, in samples at random intervals around 0.2 s. */
function steps(busySeconds: number, totalSeconds: number, shown = 95): UsageSeries {
  const { uniform } = createDice(4);
  const times: number[] = [];
  for (let time = 0; time < totalSeconds; time += 0.1 + 0.2 * uniform()) times.push(time);
  const timesSeconds = Float64Array.from(times);
  return {
    timesSeconds,
    values: timesSeconds.map((time) => (time < busySeconds && time % 0.3 < 0.15 ? shown : 5)),
  };
}

describe('analysis/period/find-fast-cycle', () => {
  it('says a step that is faster than the comb can see, with its period', () => {
    const { pattern, cycle, confidence } = analyse({
      channels: { util: steps(130, 130) },
      sampling: 'native',
    });
    expect(pattern).toBe('cyclic');
    expect(confidence).toBe(1);
    expect(cycle).toMatchObject({ channel: 'util', publishable: true });
    expect(cycle!.periodSeconds).toBeCloseTo(0.3, 2);
    expect(cycle!.cycles).toBeGreaterThan(390);
    expect(cycle!.periodMarginSeconds).toBeLessThan(0.02);
    expect(cycle!.dutyRatio).toBeGreaterThan(0.4);
    expect(cycle!.dutyRatio).toBeLessThan(0.6);
  });

  it('tells the observer, who finds no comb in it', () => {
    const evidence: ChannelEvidence[] = [];
    const usage = { channels: { util: steps(130, 130) }, sampling: 'native' } as const;
    const { cycle } = analyse(usage, { onEvidence: (each) => evidence.push(each) });
    expect(evidence.map(({ outcome }) => outcome)).toEqual(['no-comb', 'fast']);
    expect(evidence[1]).toMatchObject({
      channel: 'util',
      periodSeconds: cycle!.periodSeconds,
      pValue: cycle!.pValue,
      correlation: null,
    });
  });

  it('finds it in power where utilisation stands still', () => {
    const power = steps(130, 130, 300);
    const util = { timesSeconds: power.timesSeconds, values: power.values.map(() => 98) };
    const { cycle } = analyse({ channels: { util, power }, sampling: 'native' });
    expect(cycle).toMatchObject({ channel: 'power' });
    expect(cycle!.periodSeconds).toBeCloseTo(0.3, 2);
  });

  it('does not say it of scraped or even samples, nor after it has ended', () => {
    const util = steps(130, 130);
    const scraped = analyse({ channels: { util }, sampling: 'scraped' });
    expect(scraped.cycle).toBeNull();
    const even = analyse({ channels: { util: evenly(util.values, 0.2) }, sampling: 'native' });
    expect(even.cycle?.publishable ?? false).toBe(false);
    expect(analyse({ channels: { util: steps(80, 130) }, sampling: 'native' }).cycle).toBeNull();
  });
});
