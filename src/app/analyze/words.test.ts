import { describe, expect, it } from 'vitest';
import { amount, secondsText } from './words.ts';

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
