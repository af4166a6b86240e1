import { describe, expect, it } from 'vitest';
import {
  createDice,
  evenly,
  nullFamilies,
  periodicSeries,
} from '../../test/support/synthetic-series.ts';
import { detector } from './thresholds.ts';
import { analyse } from './analyse.ts';
import type { ChannelEvidence } from './evidence.ts';
import type { GpuUsage } from './verdict.ts';

function evidenceOf(usage: GpuUsage) {
  const evidence: ChannelEvidence[] = [];
  const verdict = analyse(usage, { onEvidence: (each) => evidence.push(each) });
  return { verdict, evidence };
}

const training = (samples: number): GpuUsage['channels']['util'] => {
  const options = { shape: 'square 70 %', stepSeconds: 1, periodSeconds: 14 };
  return periodicSeries({ ...options, samples }, createDice(1));
};
const without = (family: string, samples: number) =>
  evenly(nullFamilies[family]!(samples, createDice(2)), 1);

describe('analysis/evidence', () => {
  it('tells the correlation, the contrast and p of the cycle that was found', () => {
    const { verdict, evidence } = evidenceOf({
      channels: { util: training(120)!, power: evenly(new Float64Array(120).fill(300), 1) },
      sampling: 'native',
    });
    const [power, util] = evidence.toSorted((a, b) => (a.channel < b.channel ? -1 : 1));

    expect(util).toMatchObject({
      channel: 'util',
      outcome: 'cyclic',
      samples: 120,
      stepSeconds: 1,
    });
    expect(util!.periodSeconds).toBe(verdict.cycle!.periodSeconds);
    expect(util!.pValue).toBe(verdict.cycle!.pValue);
    expect(util!.correlation![0]).toBeCloseTo(1);
    expect(util!.correlation![14]).toBeGreaterThan(0.8);
    expect(util!.bestContrast).toBeGreaterThan(1);
    expect(power).toMatchObject({ channel: 'power', outcome: 'still', correlation: null });
  });

  it('tells what ruled a cycle out', () => {
    const noise = evidenceOf({
      channels: { util: without('white noise', 120) },
      sampling: 'native',
    });
    expect(noise.evidence.map(({ outcome }) => outcome)).toEqual(['no-comb']);

    const onOff = without('random on/off, ~15 bursts', 600);
    const { evidence } = evidenceOf({ channels: { util: onOff }, sampling: 'native' });
    const chance = evidence.find(({ outcome }) => outcome === 'chance')!;
    expect(chance.neededP).toBe(detector.alpha);
    expect(chance.pValue).toBeGreaterThan(detector.alpha);
    expect(chance.periodSeconds).toBeNull();
  });

  it('tells of a cycle that has ended', () => {
    const { values } = training(300)!;
    const util = evenly(Float64Array.from([...values, ...Array<number>(280).fill(98)]), 1);
    const { verdict, evidence } = evidenceOf({ channels: { util }, sampling: 'native' });

    expect(verdict.pattern).not.toBe('cyclic');
    expect(evidence.map(({ outcome }) => outcome)).toContain('ended');
  });

  it('changes nothing, and tells nothing where no cycle is looked for', () => {
    const usage: GpuUsage = { channels: { util: training(600)! }, sampling: 'native' };
    expect(evidenceOf(usage).verdict).toEqual(analyse(usage));

    const idle = evenly(new Float64Array(600), 1);
    expect(evidenceOf({ channels: { util: idle }, sampling: 'native' }).evidence).toEqual([]);
  });
});
