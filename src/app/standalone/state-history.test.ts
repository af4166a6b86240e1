import { describe, expect, it } from 'vitest';
import { StateHistory } from './state-history.ts';

const a = (state: 'cyclic' | 'idle' | 'stalled') => [{ uuid: 'a', state }];

describe('app/standalone/state-history', () => {
  it('joins what stays the same, and lets one state end where the next begins', () => {
    const history = new StateHistory();
    history.record(1_000, a('idle'));
    history.record(2_000, a('idle'));
    history.record(3_000, a('cyclic'));
    history.record(4_000, a('cyclic'));
    expect(history.since('a', 0)).toEqual([
      { state: 'idle', fromMs: 1_000, toMs: 2_000 },
      { state: 'cyclic', fromMs: 2_000, toMs: 4_000 },
    ]);
    expect(history.since('a', 3_500)).toEqual([{ state: 'cyclic', fromMs: 3_500, toMs: 4_000 }]);
    expect(history.since('b', 0)).toEqual([]);
  });

  it('has a hole where nobody looked, not the state before it', () => {
    const history = new StateHistory();
    history.record(0, a('idle'));
    history.record(600_000, a('idle'));
    history.record(601_000, a('idle'));
    expect(history.since('a', -1).at(-1)).toEqual({
      state: 'idle',
      fromMs: 600_000,
      toMs: 601_000,
    });
  });

  it('is bounded in time, in flapping and in GPUs that are gone', () => {
    const history = new StateHistory({ keptMs: 100_000, spansPerGpu: 5 });
    for (let at = 0; at < 20; at += 1)
      history.record(1_000 * at, a(at % 2 === 0 ? 'idle' : 'cyclic'));
    expect(history.since('a', -1)).toHaveLength(5);
    history.record(200_000, [{ uuid: 'b', state: 'stalled' }]);
    expect(history.since('a', -1)).toEqual([]);
    expect(history.since('b', -1)).toHaveLength(1);
  });

  it('starts anew when the clock is set back, and goes on after a small step', () => {
    const history = new StateHistory();
    history.record(1_000_000, a('idle'));
    history.record(1_001_000, a('idle'));
    history.record(1_000_500, a('cyclic'));
    expect(history.since('a', 0)).toHaveLength(1);
    history.record(10_000, a('cyclic'));
    expect(history.since('a', 0)).toEqual([{ state: 'cyclic', fromMs: 10_000, toMs: 10_000 }]);
  });
});
