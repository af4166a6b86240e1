import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readFolder } from '../bench/evaluate/traces/folder.ts';
import { cut, parseSeries, toTrace } from '../bench/evaluate/traces/trace.ts';
import { analyse } from '../src/analysis/analyse.ts';
import { detector } from '../src/analysis/thresholds.ts';
import type { Cycle } from '../src/analysis/verdict.ts';

const folder = fileURLToPath(new URL('../../shared/traces/', import.meta.url));
const hasTraces = existsSync(`${folder}labels.csv`);
const why = hasTraces ? '' : ' (skipped: no recorded traces beside this checkout)';

interface Found {
  readonly name: string;
  readonly labelled: number | null;
  /** Those of the note: steps below the labelled cycle of checkpoints. */
  readonly fasterSeconds: readonly number[];
  readonly seconds: number;
  readonly cycle: Cycle;
}

const near = (one: number | null, other: number | null): boolean =>
  one !== null && other !== null && Math.abs(one / other - 1) <= 0.1;

describe.skipIf(!hasTraces)(`recorded traces of two periods${why}`, () => {
  const found: Found[] = (hasTraces ? readFolder(folder) : []).flatMap((label) => {
    const trace = toTrace(label, parseSeries(readFileSync(`${folder}${label.file}`, 'utf8')));
    if (trace === null) return [];
    return trace.segments.flatMap(({ fromSeconds, toSeconds, periodSeconds }) => {
      const { cycle, tentative } = analyse(cut(trace, fromSeconds, toSeconds));
      if (cycle === null || tentative) return [];
      const { name, otherPeriodsSeconds: fasterSeconds } = trace;
      const seconds = toSeconds - fromSeconds;
      return [{ name, labelled: periodSeconds, fasterSeconds, seconds, cycle }];
    });
  });

  it('tells the slower one where the faster is the verdict and four of the slower are there', () => {
    const both = found.filter(
      ({ labelled, fasterSeconds, seconds, cycle }) =>
        labelled !== null &&
        seconds >= detector.firmCycles * labelled &&
        fasterSeconds.some((faster) => near(faster, cycle.periodSeconds)),
    );
    const wrong = both.filter(({ labelled, cycle }) => !near(cycle.slowerPeriodSeconds, labelled));
    expect(wrong).toEqual([]);
  });

  it('tells no other', () => {
    const invented = found.filter(
      ({ labelled, cycle }) =>
        cycle.slowerPeriodSeconds !== null && !near(cycle.slowerPeriodSeconds, labelled),
    );
    expect(found.length).toBeGreaterThanOrEqual(10);
    expect(invented).toEqual([]);
  });

  it('has the labelled period in the interval of the verdict’s, nearly always', () => {
    const labelled = found.filter(({ labelled: period, cycle }) =>
      near(period, cycle.periodSeconds),
    );
    const outside = labelled.filter(
      ({ labelled: period, cycle }) =>
        !(Math.abs(cycle.periodSeconds - period!) <= cycle.periodMarginSeconds),
    );
    expect(labelled.length).toBeGreaterThanOrEqual(8);
    expect(outside.length).toBeLessThanOrEqual(1);
  });
});
