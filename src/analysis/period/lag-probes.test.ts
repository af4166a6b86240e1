import { describe, expect, it } from 'vitest';
import { LagProbes, toothReach } from './lag-probes.ts';

/** A straight line, so that any lag's value is the lag itself. */
function line(maxLag: number): Float64Array {
  return Float64Array.from({ length: maxLag + 1 }, (_, lag) => lag);
}

describe('analysis/period/lag-probes', () => {
  it.each([84, 420, 840])(
    'reads every lag up to %d within an eighth of a sample, and 1 / 32 of the shortest period that looks so far',
    (maxLag) => {
      const probes = new LagProbes(maxLag);
      probes.read(line(maxLag));
      for (let lag = 2; lag <= maxLag; lag += 0.13) {
        const shortestPeriod = Math.max(4, lag / 6);
        const read = probes.exact[LagProbes.placeOf(lag)]!;
        expect(Math.abs(read - lag)).toBeLessThanOrEqual(shortestPeriod / 32 + 1e-9);
      }
    },
  );

  it.each([84, 420])('keeps the largest within reach, and nothing beyond %d', (maxLag) => {
    const probes = new LagProbes(maxLag);
    probes.read(line(maxLag));
    for (let lag = 8; lag <= maxLag; lag += 0.13) {
      const highest = probes.near[LagProbes.placeOf(lag)]!;
      const wanted = Math.min(maxLag, lag + toothReach(lag));
      expect(Math.abs(highest - wanted)).toBeLessThanOrEqual(Math.max(0.25, lag / 96));
      expect(highest).toBeLessThanOrEqual(maxLag);
    }
  });

  it('forgets the series before', () => {
    const probes = new LagProbes(84);
    probes.read(line(84));
    probes.read(new Float64Array(85));
    expect(probes.exact.every((value) => value === 0)).toBe(true);
    expect(probes.near.every((value) => value === 0)).toBe(true);
  });
});
