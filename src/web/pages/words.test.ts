import { describe, expect, it } from 'vitest';
import type { GpuView, StateView } from './api.ts';
import { amounts, clockTime, counts, explanation, lasting, memory, pageTitle } from './words.ts';

const gpu: GpuView = {
  index: 0,
  uuid: 'GPU-a',
  model: 'T4',
  up: true,
  reason: '',
  state: 'cyclic',
  words: {
    headline: 'Repeats every 5.4 s',
    full: 'Repeats every 5.4 s (typical of training; batch inference looks the same)',
    short: 'cyclic 5.4 s, > 99 %',
    explanation: 'That it repeats is > 99 % sure.',
  },
  moment: {
    timeMs: 0,
    utilPercent: 0,
    memoryUsedMiB: 512,
    powerWatts: null,
    temperatureCelsius: null,
    smClockMHz: 1590,
  },
  utilPercent: 97,
  memoryUsedMiB: 9_999,
  memoryTotalMiB: null,
  powerWatts: 68,
  powerLimitWatts: 70,
  temperatureCelsius: null,
  smClockMHz: 1590,
  processCount: null,
  heldBy: null,
  verdict: { sinceMs: 0 },
  annotations: {},
};

const states: StateView[] = [
  { state: 'stalled', term: 'stalled', needsAttention: true },
  { state: 'held-idle', term: 'held idle', needsAttention: true },
  { state: 'cyclic', term: 'cyclic', needsAttention: false },
];

describe('web/pages/words', () => {
  it('has one clock of 24 hours, in every sentence too', () => {
    expect(clockTime(new Date(2026, 0, 2, 15, 4, 5).getTime())).toBe('15:04:05');
    expect(explanation(gpu)).toBe(`That it repeats is > 99 % sure. Since ${clockTime(0)}.`);
    expect(explanation({ ...gpu, verdict: null })).not.toContain('Since');
  });

  it('shows readings of one moment, says "not given" and never 0 for what the driver does not say', () => {
    expect(Object.fromEntries(amounts(gpu))).toEqual({
      Utilisation: '0 %',
      Memory: '0.5 GiB',
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
    expect(amounts({ ...gpu, up: false })).toEqual([]);
  });

  it('has one unit of memory', () => {
    expect(memory(512, 81_920)).toBe('0.5 of 80 GiB');
    expect(memory(40_960, null)).toBe('40.0 GiB');
  });

  it.each([
    [40_000, '40 s'],
    [720_000, '12 min'],
    [11_520_000, '3.2 h'],
  ])('says %d ms as %s', (ms, text) => {
    expect(lasting(ms)).toBe(text);
  });

  it('counts the most urgent first, and has what needs attention in the title', () => {
    const fleet = ['cyclic', 'held-idle', 'stalled', 'cyclic'].map((state) => ({ ...gpu, state }));
    expect(counts(fleet, states)).toBe('1 stalled, 1 held idle, 2 cyclic');
    expect(pageTitle(fleet, states, 'n1')).toBe('1 stalled, 1 held idle · n1 · gpu-profiler');
    expect(pageTitle([gpu], states, 'n1')).toBe('1 GPU · n1 · gpu-profiler');
  });
});
