import { describe, expect, it } from 'vitest';
import { resumeTrack, track, type TrackState } from './stability.ts';
import type { Pattern, PublishedVerdict, Verdict } from './verdict.ts';

interface Said {
  readonly pattern: Pattern;
  readonly period?: number;
  readonly tentative?: boolean;
  readonly confidence?: number;
  readonly stall?: boolean;
  readonly publishable?: boolean;
}

function verdict(said: Said, at: number): Verdict {
  return {
    pattern: said.pattern,
    tentative: said.tentative ?? false,
    cycle:
      said.period === undefined
        ? null
        : {
            periodSeconds: said.period,
            publishable: said.publishable ?? true,
            periodMarginSeconds: 0.1,
            slowerPeriodSeconds: null,
            cycles: 8,
            dutyRatio: 0.5,
            channel: 'util',
            pValue: 1e-6,
          },
    confidence: said.confidence ?? 0.8,
    windowSeconds: 120,
    sampleCount: 600,
    asOfSeconds: at,
    memCopyMaxPercent: at,
    memUsedMaxMiB: null,
    utilMeanPercent: null,
    nextMemUsedMaxMiB: null,
    nextUtilMeanPercent: null,
    stall: said.stall ?? false,
  };
}

/** Feeds verdicts 10 s apart and returns what was published after each. */
function feed(
  said: readonly Said[],
  start: TrackState | null = null,
  from = 100,
): (PublishedVerdict | null)[] {
  let state = start;
  return said.map((each, i) => {
    const tracked = track(state, verdict(each, from + 10 * i));
    // A state must survive being stored.
    state = JSON.parse(JSON.stringify(tracked.state)) as TrackState;
    expect(JSON.stringify(state)).toBe(JSON.stringify(tracked.state));
    return tracked.published;
  });
}

const cyclic: Said = { pattern: 'cyclic', period: 14 };
const steady: Said = { pattern: 'steady' };
const idle: Said = { pattern: 'idle' };
const nothing: Said = { pattern: 'insufficient' };

function patternsOf(said: readonly Said[], start: TrackState | null = null) {
  return feed(said, start).map((published) => published?.pattern ?? null);
}

describe('analysis/stability', () => {
  it('says a class without a cycle at once', () => {
    expect(patternsOf([steady])).toEqual(['steady']);
    expect(patternsOf([nothing, idle])).toEqual([null, 'idle']);
  });

  it('says a first cycle when two windows agree, or one that is very sure', () => {
    expect(patternsOf([cyclic, cyclic])).toEqual([null, 'cyclic']);
    expect(patternsOf([{ ...cyclic, confidence: 0.95 }])).toEqual(['cyclic']);
    expect(patternsOf([{ ...cyclic, confidence: 0.95, tentative: true }])).toEqual([null]);
    expect(patternsOf([cyclic, { ...cyclic, period: 21 }])).toEqual([null, null]);
  });

  it('goes on showing a period that could be told from an alias once', () => {
    const unsure = { ...cyclic, publishable: false };
    const shown = (said: readonly Said[]) =>
      feed(said).map((published) => published?.cycle?.publishable ?? null);
    expect(shown([cyclic, cyclic, unsure, unsure])).toEqual([null, true, true, true]);
    expect(shown([unsure, unsure, cyclic, unsure])).toEqual([null, false, true, true]);
    const other = { ...unsure, period: 30 };
    expect(shown([cyclic, cyclic, other, other]).at(-1)).toBe(false);
  });

  it('changes when two of the last three agree, and says since when', () => {
    const published = feed([idle, idle, steady, idle, steady, steady]);
    expect(published.map((each) => each?.pattern)).toEqual([
      'idle',
      'idle',
      'idle',
      'idle',
      'steady',
      'steady',
    ]);
    expect(published[3]?.sinceSeconds).toBe(100);
    expect(published[5]?.sinceSeconds).toBe(140);
    expect(published[5]?.jobType).toBe('Others');
  });

  it('lets insufficient windows and data seen before change nothing', () => {
    const published = feed([cyclic, cyclic, nothing, nothing, nothing, nothing]);
    expect(published.at(-1)).toEqual(published[1]);
    const first = track(null, verdict(idle, 50));
    const again = track(first.state, verdict(steady, 50));
    expect(again.state).toBe(first.state);
  });

  it('keeps a cycle through windows that miss it, with fresh numbers, and drops it after a minute', () => {
    const published = feed([cyclic, cyclic, ...Array.from({ length: 8 }, () => steady)]);
    expect(published.map((each) => each?.pattern)).toEqual([
      undefined,
      'cyclic',
      'cyclic',
      'cyclic',
      'cyclic',
      'cyclic',
      'cyclic',
      'steady',
      'steady',
      'steady',
    ]);
    expect(published[4]?.cycle?.periodSeconds).toBe(14);
    expect(published[4]?.memCopyMaxPercent).toBe(140);
    expect(published[4]?.asOfSeconds).toBe(140);
  });

  it('needs three windows without it however far apart they are', () => {
    const { state } = track(track(null, verdict(cyclic, 0)).state, verdict(cyclic, 10));
    const second = track(track(state, verdict(steady, 300)).state, verdict(steady, 600));
    expect(second.published?.pattern).toBe('cyclic');
    expect(track(second.state, verdict(steady, 900)).published?.pattern).toBe('steady');
  });

  it('does not go to and fro between soft classes, but does between those and idle', () => {
    const bursty: Said = { pattern: 'bursty' };
    const toAndFro = Array.from({ length: 12 }, (_, i) => (i % 4 < 2 ? steady : bursty));
    expect(new Set(patternsOf(toAndFro))).toEqual(new Set(['steady']));
    expect(
      patternsOf([steady, ...Array.from({ length: 30 }, () => bursty)]).lastIndexOf('steady'),
    ).toBe(23);
    expect(patternsOf([steady, idle, idle, bursty, bursty])).toEqual([
      'steady',
      'steady',
      'idle',
      'idle',
      'bursty',
    ]);
  });

  it.each(['idle', 'alloc-idle', 'transition'] as const)(
    'takes %s as evidence against a cycle',
    (pattern) => {
      const seen = patternsOf([cyclic, cyclic, { pattern }, { pattern }]);
      expect(seen).toEqual([null, 'cyclic', 'cyclic', pattern]);
    },
  );

  it.each([
    ['transition', 'idle'],
    ['idle', 'alloc-idle'],
  ] as const)('takes %s and then %s as two windows that say the cycle is over', (first, then) => {
    const seen = patternsOf([cyclic, cyclic, { pattern: first }, { pattern: then }]);
    expect(seen).toEqual([null, 'cyclic', 'cyclic', then]);
  });

  it('averages a period over the windows that agree within a tenth, and changes to another only by majority', () => {
    const periods = [14, 14, 14.6, 28, 14.8, 28, 28].map((period) => ({ ...cyclic, period }));
    const published = feed(periods);
    const said = published.map((each) => each?.cycle?.periodSeconds.toFixed(2));
    expect(said).toEqual([undefined, '14.00', '14.20', '14.20', '14.70', '28.00', '28.00']);
    expect(published.at(-1)?.sinceSeconds).toBe(110);
  });

  it('becomes firm as soon as it is seen firm, and stays so', () => {
    const tentative = { ...cyclic, tentative: true };
    const published = feed([tentative, tentative, cyclic, tentative]);
    expect(published.map((each) => each?.jobType)).toEqual([undefined, 'Others', 'DLT', 'DLT']);
  });

  it('needs a majority for a stall to begin and to end', () => {
    const stalled = { ...steady, stall: true };
    const flags = feed([steady, stalled, steady, stalled, stalled, steady, steady]).map(
      (each) => each?.stall,
    );
    expect(flags).toEqual([false, false, false, true, true, true, false]);
  });

  it('goes on from what was published before', () => {
    const known = {
      pattern: 'cyclic',
      sinceSeconds: 5,
      asOfSeconds: 90,
      periodSeconds: 14.2,
      memCopyMaxPercent: 31,
    } as const;
    const state = resumeTrack(known);
    const published = feed([nothing, steady, cyclic, steady], state);
    expect(published.map((each) => each?.pattern)).toEqual([
      'cyclic',
      'cyclic',
      'cyclic',
      'cyclic',
    ]);
    expect(published[0]).toMatchObject({ jobType: 'DLT', sinceSeconds: 5, memCopyMaxPercent: 31 });
    expect(published[3]?.sinceSeconds).toBe(5);
    expect(
      patternsOf(
        [steady, idle, idle],
        resumeTrack({ pattern: 'steady', sinceSeconds: 5, asOfSeconds: 90 }),
      ),
    ).toEqual(['steady', 'steady', 'idle']);
  });

  it('takes any period for one that was not published', () => {
    const state = resumeTrack({ pattern: 'cyclic', sinceSeconds: 5, asOfSeconds: 90 });
    const [published] = feed([cyclic], state);
    expect(published).toMatchObject({
      pattern: 'cyclic',
      sinceSeconds: 5,
      cycle: { periodSeconds: 14 },
    });
  });
});
