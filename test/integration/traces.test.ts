import { beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { scoreTraces, type TraceFigures } from '../support/trace-score.ts';
import { readTraces } from '../support/traces.ts';

const traces = readTraces();
const why = traces === null ? ' (skipped: no recorded traces beside this checkout)' : '';

/** The floors below which the analysis is not fit to annotate anything; bench/analysis-accuracy.ts prints the figures themselves. */
describe.skipIf(traces === null)(`integration/traces${why}`, () => {
  let score: ReturnType<typeof scoreTraces> | null = null;
  const scored = (): ReturnType<typeof scoreTraces> => (score ??= scoreTraces(traces!));
  const figure = (name: keyof TraceFigures): number => scored().figures[name];
  beforeEach(() => {
    onTestFailed(() => console.log(scored().misses.join('\n')));
  });

  it('reads segments with a period, idle windows and busy loads that are not training', () => {
    expect(figure('resolvableSegments')).toBeGreaterThanOrEqual(10);
    expect(figure('idleWindows')).toBeGreaterThanOrEqual(20);
    expect(figure('busyOtherSegments')).toBeGreaterThanOrEqual(4);
    expect(figure('classWindows')).toBeGreaterThanOrEqual(50);
  });

  it('gives the right period in 90 % of segments with four cycles and four samples per period', () => {
    expect(figure('resolvableRightShare')).toBeGreaterThanOrEqual(0.9);
  });

  it('never calls an idle GPU cyclic', () => {
    expect(figure('idleCalledCyclic')).toBe(0);
  });

  it('calls at most 6 % of busy loads that are not training cyclic', () => {
    expect(figure('busyOtherCalledCyclic') / figure('busyOtherSegments')).toBeLessThanOrEqual(0.06);
  });

  it('gives the right class in 80 % of two-minute windows, averaged over traces', () => {
    expect(figure('classAccuracyPerTrace')).toBeGreaterThanOrEqual(0.8);
  });

  it('bounds the memory of the next two minutes in 98 %, at 30 % over-allocation or less', () => {
    expect(figure('memoryTooLowShare')).toBeLessThanOrEqual(0.02);
    expect(figure('memoryOverAllocation')).toBeLessThanOrEqual(0.3);
  });

  it('predicts one cycle ahead with at most 0.4 of the error of the best naive guess', () => {
    expect(figure('cycleAheadRatio')).toBeLessThanOrEqual(0.4);
  });
});
