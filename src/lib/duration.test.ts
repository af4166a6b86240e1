import { describe, expect, it } from 'vitest';
import { formatDurationMs, parseDurationMs } from './duration.ts';

describe('lib/duration', () => {
  it.each([
    ['250ms', 250],
    ['30s', 30_000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
    ['0s', 0],
  ])('reads %s as %d ms', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms);
  });

  it.each(['30', '', 's', '-5s', '5 s', '1m30', '3x', '1e3s'])('refuses "%s"', (text) => {
    expect(() => parseDurationMs(text)).toThrow(/not a duration/);
  });

  it.each([
    [90_000, '1m30s'],
    [0, '0s'],
    [86_400_000, '1d'],
    [1_001, '1s1ms'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDurationMs(ms)).toBe(text);
    expect(parseDurationMs(text)).toBe(ms);
  });
});
