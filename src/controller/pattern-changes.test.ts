import { describe, expect, it } from 'vitest';
import { profileText } from './annotations/profile.ts';
import type { ProfileEntry } from './annotations/profile-entry.ts';
import { changeText, patternChanges } from './pattern-changes.ts';

const idle: ProfileEntry = { i: 0, uuid: 'A', pattern: 'idle', since: '2026-11-21T12:00:00Z' };

function textOf(changes: Partial<ProfileEntry>): string {
  const [before, after] = [idle, { ...idle, ...changes }].map((entry) => profileText([entry], 0));
  return changeText(patternChanges(before, after));
}

describe('controller/pattern-changes', () => {
  it.each<[Partial<ProfileEntry>, string]>([
    [{ pattern: 'steady' }, 'GPU 0: idle → steady'],
    [{ pattern: 'cyclic', periodSeconds: 13.2 }, 'GPU 0: idle → cyclic every 13.2 s'],
    [
      { pattern: 'cyclic', period: 'unresolved', apparentPeriodSeconds: 20 },
      'GPU 0: idle → cyclic about every 20 s (apparent: a faster cycle could look the same)',
    ],
    [{ pattern: 'cyclic', period: 'unresolved' }, 'GPU 0: idle → cyclic'],
    [{}, ''],
  ])('tells %o', (changes, text) => {
    expect(textOf(changes)).toBe(text);
  });
});
