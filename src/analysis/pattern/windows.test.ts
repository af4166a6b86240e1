import { describe, expect, it } from 'vitest';
import { toGrid } from '../series/grid.ts';
import { classWindow, usableWindow, windowsFor, windowsSinceChange } from './windows.ts';

function even(seconds: number, step: number) {
  const timesSeconds = Float64Array.from(
    { length: Math.floor(seconds / step) + 1 },
    (_, i) => i * step,
  );
  return toGrid({ timesSeconds, values: timesSeconds })!;
}

describe('analysis/pattern/windows', () => {
  it.each([
    [0, [120]],
    [125, [120]],
    [140, [120, 600]],
    [600, [120, 600]],
    [3600, [120, 600, 3600]],
  ])('tries on %d s of data: %j', (span, expected) => {
    expect(windowsFor(span)).toEqual(expected);
  });

  it('needs 24 samples over 20 s, without a large hole', () => {
    expect(usableWindow(even(22, 1), 120, 22)).toBeNull();
    expect(usableWindow(even(15, 0.2), 120, 15)).toBeNull();
    expect(usableWindow(even(30, 1), 120, 30)?.values).toHaveLength(31);
    const holed = even(200, 1);
    holed.covered.fill(0, 90, 150);
    expect(usableWindow(holed, 120, 200)).toBeNull();
    expect(usableWindow(holed, 200, 200)).not.toBeNull();
  });

  it('classifies on the fast window where it has samples enough, else on a longer one', () => {
    expect(classWindow(even(600, 0.2), [120, 600], 600)!.values).toHaveLength(601);
    expect(classWindow(even(600, 5), [120, 600], 600)!.values).toHaveLength(121);
    expect(classWindow(even(600, 15), [120, 600], 600)!.values).toHaveLength(41);
    expect(classWindow(even(600, 60), [120, 600], 600)).toBeNull();
  });

  it('starts again where the level changed', () => {
    const timesSeconds = Float64Array.from({ length: 601 }, (_, i) => i);
    const values = timesSeconds.map((time) => (time < 300 ? 0 : 80 + 10 * Math.sin(time)));
    const [since, ...others] = windowsSinceChange(
      toGrid({ timesSeconds, values })!,
      [120, 600],
      600,
    );
    expect(Math.abs(since! - 300)).toBeLessThanOrEqual(2);
    expect(others).toEqual([]);
    expect(windowsSinceChange(even(600, 1), [120], 600)).toHaveLength(0);
  });
});
