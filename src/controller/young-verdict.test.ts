import { describe, expect, it } from 'vitest';
import type { PublishedVerdict } from '../analysis/verdict.ts';
import type { ProfileEntry } from './annotations/profile-entry.ts';
import { isYoung } from './young-verdict.ts';

const asOfSeconds = 1_800_000_000;
const watched = (seconds: number): PublishedVerdict =>
  ({
    pattern: 'bursty',
    asOfSeconds,
    watchedSinceSeconds: asOfSeconds - seconds,
  }) as PublishedVerdict;
const written = (entry: Partial<ProfileEntry>): ProfileEntry => ({
  i: 0,
  uuid: 'GPU-a',
  pattern: 'steady',
  since: new Date((asOfSeconds - 3_600) * 1_000).toISOString(),
  ...entry,
});

describe('controller/young-verdict', () => {
  it.each([
    ['steady before', written({}), 119, true],
    ['steady before, long enough', written({}), 120, false],
    ['a short cycle', written({ pattern: 'cyclic', periodSeconds: 6 }), 119, true],
    ['a short cycle, long enough', written({ pattern: 'cyclic', periodSeconds: 6 }), 121, false],
    ['a long cycle', written({ pattern: 'cyclic', periodSeconds: 25 }), 179, true],
    ['a long cycle, long enough', written({ pattern: 'cyclic', periodSeconds: 25 }), 181, false],
    [
      'a long cycle whose period is apparent',
      written({ pattern: 'cyclic', apparentPeriodSeconds: 25 }),
      179,
      true,
    ],
    ['a cycle beyond its memory', written({ pattern: 'cyclic', periodSeconds: 200 }), 601, false],
    ['nothing was known', written({ pattern: 'unknown' }), 10, false],
    ['nothing was written', undefined, 10, false],
  ])('%s', (_, entry, seconds, young) => {
    expect(isYoung(watched(seconds), entry)).toBe(young);
  });

  it('lets a collector take back what it has said itself', () => {
    const since = new Date((asOfSeconds - 20) * 1_000).toISOString();
    expect(isYoung(watched(60), written({ since }))).toBe(false);
  });

  it('holds nothing where the clock of the collector was set back', () => {
    expect(isYoung(watched(-60), written({}))).toBe(false);
  });

  it('holds nothing where the collector does not tell', () => {
    const verdict = { pattern: 'bursty', asOfSeconds } as PublishedVerdict;
    expect(isYoung(verdict, written({}))).toBe(false);
  });
});
