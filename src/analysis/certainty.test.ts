import { describe, expect, it } from 'vitest';
import { certainty } from './certainty.ts';

describe('analysis/certainty', () => {
  it.each([
    [0, '0 %'],
    [0.944, '94 %'],
    [0.99, '99 %'],
    [0.991, '> 99 %'],
    [0.9999, '> 99 %'],
    [1, '> 99 %'],
  ])('%d reads %s', (confidence, text) => {
    expect(certainty(confidence)).toBe(text);
  });
});
