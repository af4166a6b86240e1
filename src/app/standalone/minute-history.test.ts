import { describe, expect, it } from 'vitest';
import { MinuteHistory, type ChannelHistory } from './minute-history.ts';

/** One sample each ten seconds up to `untilSeconds`; its value is the minute that it is of. */
function samples(untilSeconds: number): ChannelHistory {
  const times = Array.from({ length: 30 }, (_, i) => untilSeconds - 10 * (29 - i));
  const timesSeconds = Float64Array.from(times);
  return { util: { timesSeconds, values: timesSeconds.map((time) => Math.floor(time / 60)) } };
}

describe('app/standalone/minute-history', () => {
  it('averages a minute when it is well over, and once', () => {
    const history = new MinuteHistory();
    let asked = 0;
    for (let at = 600; at < 900; at += 1) {
      history.record(at, ['a'], () => {
        asked += 1;
        return samples(at);
      });
    }
    expect(asked).toBe(5);
    expect(history.means('a', 'util', 7, 7)).toEqual([null, 8, 9, 10, 11, 12, null]);
    expect(history.means('a', 'power', 8, 2)).toEqual([null, null]);
    expect(history.means('b', 'util', 8, 1)).toEqual([null]);
  });

  it('keeps so many minutes and no GPU that has been gone for as long', () => {
    const history = new MinuteHistory(3);
    for (let minute = 10; minute < 20; minute += 1) {
      history.record(60 * minute, ['a'], () => samples(60 * minute));
    }
    expect(history.means('a', 'util', 13, 5)).toEqual([null, null, 15, 16, 17]);
    for (let minute = 20; minute < 24; minute += 1) {
      history.record(60 * minute, ['b'], () => samples(60 * minute));
    }
    expect(history.means('a', 'util', 15, 3)).toEqual([null, null, null]);
  });
});
