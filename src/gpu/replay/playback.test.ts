import { describe, expect, it } from 'vitest';
import { createPlayback } from './playback.ts';
import type { Trace } from './trace.ts';

const startMs = 1_800_000_000_000;
const trace: Trace = {
  channels: {
    util: { seconds: [0, 1, 2, 3], values: [10, 11, 12, 13] },
    power: { seconds: [1], values: [99] },
  },
  lengthSeconds: 4,
  losses: [],
};
const play = (options: Partial<Parameters<typeof createPlayback>[0]> = {}) =>
  createPlayback({ trace, startMs, fromMs: startMs, speed: 1, loop: true, ...options });

describe('gpu/replay/playback', () => {
  it('brings each sample once, with the moment at which it was due', () => {
    const playback = play();

    expect(playback(startMs + 1_500).samples).toEqual({
      util: { timesMs: [startMs, startMs + 1_000], values: [10, 11] },
      power: { timesMs: [startMs + 1_000], values: [99] },
    });
    expect(playback(startMs + 1_900).samples).toEqual({});
    expect(playback(startMs + 2_000).samples.util?.values).toEqual([12]);
  });

  it('keeps the spacing of the samples where the trace begins again', () => {
    const { samples } = play()(startMs + 9_000);
    const times = samples.util?.timesMs ?? [];

    expect(samples.util?.values).toEqual([10, 11, 12, 13, 10, 11, 12, 13, 10, 11]);
    expect(times.slice(1).map((time, index) => time - (times[index] ?? 0))).toEqual(
      Array.from({ length: 9 }, () => 1_000),
    );
  });

  it('plays faster: the samples lie closer together', () => {
    const { samples } = play({ speed: 10 })(startMs + 400);

    expect(samples.util?.timesMs.slice(0, 3)).toEqual([startMs, startMs + 100, startMs + 200]);
    expect(samples.util?.values).toHaveLength(5);
  });

  it('ends where it is not repeated', () => {
    const playback = play({ loop: false });

    expect(playback(startMs + 3_500)).toMatchObject({ ended: false });
    expect(playback(startMs + 60_000)).toEqual({ samples: {}, ended: true, lost: null });
  });

  it('brings nothing from before it was begun', () => {
    const playback = play({ fromMs: startMs + 2_000 });

    expect(playback(startMs + 3_000).samples.util?.values).toEqual([12, 13]);
  });

  it('forgets the oldest when nobody fetched them for long, as a ring does', () => {
    const { samples } = play()(startMs + 100_000_000);

    expect(samples.util?.values).toHaveLength(20_000);
    expect(samples.util?.timesMs.at(-1)).toBe(startMs + 100_000_000);
  });

  it('tells while the recorded GPU was gone, each time it is repeated', () => {
    const lost = { fromSeconds: 1, toSeconds: 2, text: 'GPU is lost' };
    const playback = play({ trace: { ...trace, losses: [lost] } });
    const said = [500, 1_500, 2_000, 5_500].map((ms) => playback(startMs + ms).lost);

    expect(said).toEqual([null, 'GPU is lost', null, 'GPU is lost']);
  });
});
