import { describe, expect, it } from 'vitest';
import { burstsIn } from './bursts.ts';

/** `sizes` rows per query, a query a second, the rows 1 to 6 ms apart. */
function queries(sizes: readonly number[], every = 1): Float64Array {
  const times = sizes.flatMap((size, query) =>
    Array.from(
      { length: size },
      (_, row) => 1_000.008 + every * query + row * 0.001 * (1 + ((query * 7) % 6)),
    ),
  );
  return Float64Array.from(times);
}
const of = (count: number, size: number): number[] => Array.from({ length: count }, () => size);
const evenly = (count: number, step: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => i * step);

describe('gpu/recording/bursts', () => {
  it.each([2, 3, 8, 16])('sees that %d rows come at once', (size) => {
    expect(burstsIn(queries(of(40, size)))).toEqual({ kind: 'gpus', count: size });
  });

  it('takes a last query that was cut off, and pauses', () => {
    expect(burstsIn(queries([...of(40, 4), 3]))).toEqual({ kind: 'gpus', count: 4 });
    const paused = queries(of(40, 2)).map((time, row) => (row >= 40 ? time + 36_000 : time));
    expect(burstsIn(paused)).toEqual({ kind: 'gpus', count: 2 });
  });

  it('does not guess where the rows are not always as many', () => {
    expect(burstsIn(queries([...of(20, 3), ...of(20, 2)]))).toMatchObject({ kind: 'mixed' });
    expect(burstsIn(queries(of(2, 2)))).toMatchObject({ kind: 'mixed' });
    expect(burstsIn(Float64Array.of(5, 5))).toMatchObject({ kind: 'mixed' });
    // Whole seconds: five GPUs, or one that is asked five times.
    expect(burstsIn(Float64Array.from({ length: 100 }, (_, i) => Math.floor(i / 5)))).toMatchObject(
      { kind: 'mixed' },
    );
  });

  it.each([
    ['each second', evenly(500, 1)],
    ['ten times a second', evenly(500, 0.1)],
    ['at random', Float64Array.from({ length: 500 }, (_, i) => i + 0.4 * Math.sin(i * 12.9))],
    ['in sessions', Float64Array.from({ length: 500 }, (_, i) => i + 3_600 * Math.floor(i / 100))],
    [
      'five at a time, a second apart, each hour',
      Float64Array.from({ length: 500 }, (_, i) => (i % 5) + 3_600 * Math.floor(i / 5)),
    ],
    [
      'with a stutter now and then',
      Float64Array.from({ length: 500 }, (_, i) => (i % 50 === 0 ? i - 0.999 : i)).sort(),
    ],
  ])('takes samples %s for those of one GPU', (_how, times) => {
    expect(burstsIn(times)).toEqual({ kind: 'none' });
  });
});
