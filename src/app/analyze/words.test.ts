import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../analysis/verdict.ts';
import { amount, patternReason, secondsText } from './words.ts';

describe('app/analyze/words', () => {
  it.each([
    [0, '0'],
    [0.003, '0.003'],
    [0.0123, '0.012'],
    [0.5, '0.50'],
    [13.24, '13.2'],
    [412.3, '412'],
  ])('writes %d as %s: small is not zero', (value, text) => {
    expect(amount(value)).toBe(text);
  });

  it('writes no margin of 0 s', () => {
    expect(secondsText(0.004)).toBe('0.004 s');
  });
});

describe('app/analyze/words of what is at rest', () => {
  const idle = { pattern: 'idle', stall: false, utilMeanPercent: 0 } as Verdict;

  it('names utilisation only where it is known', () => {
    expect(patternReason(idle)).toContain('utilisation is at most 2 %, and less than 600 MiB');
    const byPower = patternReason({ ...idle, pattern: 'alloc-idle', utilMeanPercent: null });
    expect(byPower).toContain('power stays near');
    expect(byPower).not.toContain('utilisation is at most');
  });
});
