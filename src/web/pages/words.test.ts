import { describe, expect, it } from 'vitest';
import type { GpuView, VerdictView } from './api.ts';
import { amounts, explanation, headline } from './words.ts';

const verdict: VerdictView = {
  pattern: 'cyclic',
  jobType: 'DLT',
  tentative: false,
  periodSeconds: 13.24,
  periodMarginSeconds: null,
  slowerPeriodSeconds: null,
  periodUnresolved: false,
  apparentPeriodSeconds: null,
  confidence: 0.94,
  sinceMs: 0,
  stall: false,
  memUtilMaxPercent: 63,
};

describe('web/pages/words', () => {
  it.each([
    [verdict, 'Cyclic, every 13.2 s'],
    [{ ...verdict, periodSeconds: 3.207 }, 'Cyclic, every 3.21 s'],
    [{ ...verdict, periodSeconds: null, periodUnresolved: true }, 'Cyclic, period unresolved'],
    [{ ...verdict, tentative: true }, 'Cyclic (tentative), every 13.2 s'],
    [{ ...verdict, pattern: 'steady', periodSeconds: null, stall: true }, 'Steady, stalled'],
    [null, 'Watching…'],
  ])('headline of %o', (given, words) => {
    expect(headline(given)).toBe(words);
  });

  it('explains in a sentence, with how sure it is', () => {
    expect(explanation(verdict)).toMatch(
      /^The same work again.*94 % sure, job type DLT, since .*\.$/,
    );
    const steps = { ...verdict, periodMarginSeconds: 0.41, slowerPeriodSeconds: 264 };
    expect(explanation(steps)).toContain(
      'period within ± 0.41 s, a slower cycle of 264.0 s on top',
    );
    expect(explanation(null)).toContain('about a minute');
  });

  it('says "not given", never 0, for what the driver does not say', () => {
    const gpu: GpuView = {
      index: 0,
      uuid: 'GPU-a',
      model: 'T4',
      up: true,
      reason: '',
      utilPercent: 0,
      memoryUsedMiB: 512,
      memoryTotalMiB: null,
      powerWatts: null,
      powerLimitWatts: 70,
      temperatureCelsius: null,
      smClockMHz: 1590,
      processCount: null,
      heldBy: null,
      verdict: null,
      annotations: {},
    };
    expect(Object.fromEntries(amounts(gpu))).toEqual({
      Utilisation: '0 %',
      Memory: '0.50 GiB',
      Power: 'not given',
      Temperature: 'not given',
      'SM clock': '1590 MHz',
      Processes: 'not given',
    });
    // Only where a kubelet tells who holds what.
    const held = (heldBy: string[]): string | undefined =>
      Object.fromEntries(amounts({ ...gpu, heldBy }))['Held by'];
    expect(held([])).toBe('no pod');
    expect(held(['a/b/c', 'd/e/f'])).toBe('a/b/c, d/e/f');
  });
});
