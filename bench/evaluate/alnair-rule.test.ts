import { describe, expect, it } from 'vitest';
import { createDice, evenly } from '../../test/support/synthetic-series.ts';
import { alnairRule } from './alnair-rule.ts';

function series(n: number, value: (i: number) => number, stepSeconds = 1) {
  return evenly(
    Float64Array.from({ length: n }, (_, i) => value(i)),
    stepSeconds,
  );
}

describe('evaluate/alnair-rule', () => {
  it('finds the distance of single spikes, whose correlation stands at their lags alone', () => {
    const spikes = series(200, (i) => (i % 20 === 0 ? 90 : 0), 0.5);

    expect(alnairRule(spikes)).toEqual({ cyclic: true, periodSeconds: 10 });
  });

  it('takes neighbouring lags of a pulse for its period: one sample', () => {
    const { normal } = createDice(4);
    const square = series(240, (i) => (i % 40 < 4 ? 95 : 5) + normal());

    expect(alnairRule(square)).toEqual({ cyclic: true, periodSeconds: 1 });
  });

  it('has one lag stand for the median interval of uneven samples', () => {
    const even = series(200, (i) => (i % 20 === 0 ? 90 : 0));
    const late = even.timesSeconds.map((time, i) => time * 2 + (i > 150 ? 30 : 0));

    expect(alnairRule({ ...even, timesSeconds: late }).periodSeconds).toBe(40);
  });

  it.each([
    ['nothing but zeros', series(120, () => 0)],
    ['a constant, whose correlation is undefined', series(120, () => 97)],
    ['too few samples for three lags', series(5, (i) => i % 2)],
    ['two significant lags only', series(24, (i) => (i % 8 < 2 ? 90 : 5))],
  ])('is silent on %s', (_what, given) => {
    expect(alnairRule(given).cyclic).toBe(false);
  });

  it('calls red noise cyclic more often than not, as measured for the real rule', () => {
    let called = 0;
    for (let seed = 0; seed < 60; seed++) {
      const { normal } = createDice(seed);
      let state = normal();
      const red = series(600, () => {
        state = 0.95 * state + Math.sqrt(1 - 0.95 ** 2) * normal();
        return 50 + 15 * state;
      });
      if (alnairRule(red).cyclic) called++;
    }
    expect(called / 60).toBeGreaterThan(0.5);
  });
});
