import { describe, expect, it } from 'vitest';
import { cyclicVerdict } from '../../../test/support/exposition/sample-snapshot.ts';
import type { Pattern } from '../../analysis/verdict.ts';
import { heldIdle } from './held-idle.ts';
import type { Stretch } from './judge.ts';
import { heldIdleWords } from './words.ts';

function stretch(
  pattern: Pattern,
  fromSeconds: number,
  toSeconds: number,
  memUsedMaxMiB: number | null,
): Stretch {
  return { fromSeconds, toSeconds, published: { ...cyclicVerdict, pattern, memUsedMaxMiB } };
}

describe('app/analyze/held-idle', () => {
  it('adds up what was held without use, and the most memory in it', () => {
    const held = heldIdle([
      stretch('alloc-idle', 0, 1800, 4096),
      stretch('cyclic', 1800, 3600, 40_000),
      stretch('alloc-idle', 3600, 7200, 12_288),
      stretch('idle', 7200, 9000, 3),
    ]);
    expect(held).toEqual({ gpuHours: 1.5, memUsedMaxMiB: 12_288 });
    expect(heldIdleWords(held)).toBe('1.50 GPU hours, 12.0 GiB');
  });

  it('is nothing where nothing was held, and tells no memory that is not known', () => {
    expect(heldIdle([stretch('idle', 0, 100, 3)])).toBeNull();
    expect(heldIdleWords(heldIdle([stretch('alloc-idle', 0, 360, null)]))).toBe('0.10 GPU hours');
    expect(heldIdleWords(null)).toBeNull();
  });
});
