import { describe, expect, it } from 'vitest';
import type { UsageChannel } from '../../analysis/verdict.ts';
import { SeriesRing } from '../../prometheus/series-ring.ts';
import type { ChannelSeries } from './channel-windows.ts';
import { noFacts } from './gpu-facts.ts';
import { gpuWindow } from './gpu-window.ts';
import { plausible } from './plausible.ts';

const untilMs = 600_000;
const bounds = { fromMs: 0, untilMs };

function series(channel: UsageChannel, seconds: readonly number[]): ChannelSeries {
  const ring = new SeriesRing();
  for (const at of seconds) ring.add(at * 1_000, 50);
  return { key: channel, tag: { channel, scale: 1, uuid: 'GPU-1', place: 'a' }, ring };
}

function times(from: number, until: number, step: number): number[] {
  return Array.from({ length: Math.ceil((until - from) / step) }, (_, at) => from + at * step);
}

describe('controller/usage/gpu-window', () => {
  it('gives all channels, in seconds, with the facts', () => {
    const window = gpuWindow(
      [series('util', times(15, 601, 15)), series('power', times(15, 601, 15))],
      bounds,
      { ...noFacts, powerLimitWatts: 300 },
    );
    expect(window).toMatchObject({
      fault: null,
      newestMs: 600_000,
      spacingMs: 15_000,
      ambiguousChannels: 0,
    });
    expect(window.usage).toMatchObject({
      sampling: 'scraped',
      powerLimitWatts: 300,
      memoryTotalMiB: undefined,
    });
    expect(window.usage?.channels.util?.timesSeconds.length).toBe(40);
    expect(window.usage?.channels.util?.timesSeconds[0]).toBe(15);
    expect(Object.keys(window.usage?.channels ?? {})).toEqual(['util', 'power']);
  });

  it('accepts the short history of a new GPU, but not a hole', () => {
    expect(gpuWindow([series('util', times(500, 600, 5))], bounds, noFacts).fault).toBeNull();
    const hole = [...times(5, 300, 5), ...times(460, 600, 5)];
    expect(gpuWindow([series('util', hole)], bounds, noFacts)).toMatchObject({
      usage: null,
      fault: 'low_coverage',
    });
    const fewLost = times(5, 600, 5).filter((at) => at % 50 !== 0);
    expect(gpuWindow([series('util', fewLost)], bounds, noFacts).fault).toBeNull();
  });

  it('leaves out a channel with a hole, not the GPU', () => {
    const window = gpuWindow(
      [
        series('util', times(5, 600, 5)),
        series('power', [...times(5, 200, 5), ...times(500, 600, 5)]),
      ],
      bounds,
      noFacts,
    );
    expect(Object.keys(window.usage?.channels ?? {})).toEqual(['util']);
  });

  it('calls series stale by the age of the newest sample, however full the window', () => {
    const window = gpuWindow([series('util', times(5, 550, 5))], bounds, noFacts);
    expect(window).toMatchObject({ usage: null, fault: 'stale', newestMs: 545_000 });
    expect(gpuWindow([series('util', times(5, 586, 5))], bounds, noFacts).fault).toBeNull();
  });

  it('takes power where there is no utilisation', () => {
    const window = gpuWindow([series('power', times(5, 600, 5))], bounds, noFacts);
    expect(window).toMatchObject({ fault: null, spacingMs: 5_000 });
    expect(Object.keys(window.usage?.channels ?? {})).toEqual(['power']);
  });

  it('does not take a GPU without utilisation and power for an idle one', () => {
    const window = gpuWindow([series('memUsed', times(5, 600, 5))], bounds, noFacts);
    expect(window).toMatchObject({ usage: null, fault: 'no_utilisation', newestMs: 595_000 });
    expect(gpuWindow([series('util', [])], bounds, noFacts)).toMatchObject({
      usage: null,
      newestMs: null,
    });
  });
});

describe('controller/usage/plausible', () => {
  it.each<[UsageChannel, number, boolean]>([
    ['util', 0, true],
    ['util', 100, true],
    ['util', 100.5, false],
    ['util', 65_535, false],
    ['memCopy', -1, false],
    ['util', Number.NaN, false],
    ['power', Infinity, false],
    ['power', 420, true],
    ['memUsed', 141_000, true],
    ['memUsed', 2 ** 44, false],
  ])('%s %d: %s', (channel, value, kept) => {
    expect(plausible(channel, value)).toBe(kept ? value : Number.NaN);
  });
});
