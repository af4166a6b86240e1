import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeriesRing } from './series-ring.ts';

function contents(ring: SeriesRing): [number, number][] {
  const { timesMs, values } = ring.between(-Infinity, Infinity);
  return [...timesMs].map((time, at) => [time, values[at] ?? Number.NaN]);
}

describe('prometheus/series-ring', () => {
  it('holds what a sorted map would, whatever the order, doublings and forgetting', () => {
    const start = 1_763_700_000_000;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 100 })), {
          maxLength: 500,
        }),
        fc.integer({ min: 0, max: 400 }),
        (samples, cut) => {
          const ring = new SeriesRing();
          const expected = new Map<number, number>();
          for (const [offset, value] of samples) {
            ring.add(start + offset * 250, value);
            if (!expected.has(offset)) expected.set(offset, value);
          }
          const sorted = [...expected]
            .sort(([a], [b]) => a - b)
            .map(([offset, value]) => [start + offset * 250, value]);
          expect(contents(ring)).toEqual(sorted);
          ring.forgetUntil(start + cut * 250);
          const kept = sorted.filter(
            ([time], at) => (time ?? 0) > start + cut * 250 || at === sorted.length - 1,
          );
          expect(contents(ring)).toEqual(kept);
        },
      ),
    );
  });

  it('wraps around for long without growing', () => {
    const ring = new SeriesRing();
    for (let at = 0; at < 100_000; at += 1) {
      ring.add(at * 1_000, at % 100);
      ring.forgetUntil((at - 120) * 1_000);
    }
    expect(ring.count).toBe(120);
    expect(contents(ring)[0]).toEqual([99_880_000, 80]);
    expect(ring.newestMs).toBe(99_999_000);
  });

  it('cuts to a stretch of time, open at its start and closed at its end', () => {
    const ring = new SeriesRing();
    for (const time of [1, 2, 3, 4, 5]) ring.add(time, time);
    expect([...ring.between(2, 4).timesMs]).toEqual([3, 4]);
  });

  it('survives a gap of two months', () => {
    const ring = new SeriesRing();
    ring.add(1_000, 1);
    ring.add(1_000 + 60 * 86_400_000, 2);
    ring.add(2_000 + 60 * 86_400_000, 3);
    expect(contents(ring).map(([, value]) => value)).toEqual([2, 3]);
  });
});
