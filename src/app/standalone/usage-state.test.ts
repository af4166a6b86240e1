import { describe, expect, it } from 'vitest';
import {
  heldIdle,
  lost,
  sampleView,
  stalled,
} from '../../../test/support/exposition/sample-view.ts';
import { byAttention, stateCounts } from './usage-state.ts';

const fleet = [
  sampleView(0, {}),
  sampleView(1, heldIdle),
  sampleView(2, null, lost),
  sampleView(3, stalled),
  sampleView(4, heldIdle),
  sampleView(5, null),
];

describe('app/standalone/usage-state', () => {
  it('counts the most urgent first', () => {
    expect(stateCounts(fleet)).toBe(
      '1 stalled, 1 lost, 2 held idle, 1 cyclic, 1 without a verdict yet',
    );
  });

  it('puts what needs attention on top, the rest by index', () => {
    expect(fleet.toSorted(byAttention).map(({ index }) => index)).toEqual([3, 2, 1, 4, 0, 5]);
  });
});
