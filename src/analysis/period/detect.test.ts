import { describe, expect, it } from 'vitest';
import {
  conditions,
  createDice,
  evenly,
  nullFamilies,
  periodicSeries,
  shapes,
} from '../../../test/support/synthetic-series.ts';
import { toGrid } from '../series/grid.ts';
import { detectPeriod, type ChannelGrid, type Detection } from './detect.ts';

function detect(channels: readonly ChannelGrid[]): Detection | null {
  const steps = detectPeriod(channels);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function channel(name: ChannelGrid['channel'], series: Parameters<typeof toGrid>[0]): ChannelGrid {
  return { channel: name, grid: toGrid(series)! };
}

describe('analysis/period/detect', () => {
  const base = { samples: 600, stepSeconds: 0.2, periodSeconds: 13 };

  it.each(Object.keys(shapes))('finds %s within 2 %%', (shape) => {
    const found = detect([channel('util', periodicSeries({ ...base, shape }, createDice(1)))]);
    expect(found).not.toBeNull();
    expect(Math.abs(found!.periodSeconds / 13 - 1)).toBeLessThan(0.02);
    expect(found!.cycles).toBeCloseTo(120 / 13, 0);
    expect(found!.pValue).toBeLessThan(0.01);
  });

  it.each(
    Object.keys(conditions).filter((name) => !/[12]0 %$/.test(name) || name.includes('missing')),
  )('finds a square wave under: %s', (name) => {
    const options = { ...base, shape: 'square 70 %', ...conditions[name] };
    const found = detect([channel('util', periodicSeries(options, createDice(2)))]);
    expect(Math.abs(found!.periodSeconds / 13 - 1)).toBeLessThan(0.05);
  });

  it('sees in power what full utilisation hides, and names the channel', () => {
    const power = periodicSeries({ ...base, shape: 'sawtooth' }, createDice(3));
    const util = evenly(nullFamilies['constant, quantisation flicker']!(600, createDice(3)), 0.2);
    const found = detect([
      channel('util', util),
      channel('power', { ...power, values: power.values.map((v) => 150 + v) }),
    ]);
    expect(found?.channel).toBe('power');
  });

  it('takes the fundamental, not a multiple', () => {
    for (let seed = 0; seed < 10; seed++) {
      const options = { shape: '8 % dips', samples: 1200, stepSeconds: 0.1, periodSeconds: 7.5 };
      const found = detect([channel('util', periodicSeries(options, createDice(seed)))]);
      expect(Math.abs(found!.periodSeconds / 7.5 - 1)).toBeLessThan(0.02);
    }
  });

  it('finds nothing in too few samples or in channels that do not move', () => {
    const short = periodicSeries({ ...base, samples: 20, shape: 'square 70 %' }, createDice(4));
    expect(detect([channel('util', short)])).toBeNull();
    expect(detect([channel('util', evenly(new Float64Array(600).fill(97), 0.2))])).toBeNull();
    expect(detect([])).toBeNull();
  });
});
