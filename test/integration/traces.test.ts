import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { evaluateFolder, type Evaluation } from '../../bench/evaluate/evaluate.ts';
import { missesAsText } from '../../bench/evaluate/rows/print.ts';
import type { Row } from '../../bench/evaluate/rows/row.ts';

const folder = fileURLToPath(new URL('../../../shared/traces/', import.meta.url));
const isThere = existsSync(`${folder}labels.csv`);
const why = isThere ? '' : ' (skipped: no recorded traces beside this checkout)';

/** The floors below which the analysis is not fit to annotate anything; `npm run evaluate -- DIR` prints the figures themselves with their targets. */
describe.skipIf(!isThere)(`integration/traces${why}`, () => {
  let evaluation: Evaluation;
  beforeAll(async () => {
    evaluation = await evaluateFolder(folder, { cost: false });
  });
  const row = (name: string): Row => {
    onTestFailed(() => console.log(missesAsText(evaluation.scores.misses)));
    return evaluation.rows.find((one) => one.name === name)!;
  };

  it.each([
    ['real_cyclic_right', 10],
    ['real_idle_called_cyclic', 20],
    ['real_busy_called_cyclic', 4],
    ['class_accuracy_2min_per_window', 50],
    ['memory_bound_broken', 200],
  ])('has cases for %s', (name, least) => {
    expect(row(name).denominator).toBeGreaterThanOrEqual(least);
  });

  it.each([
    ['real_cyclic_right', 0.9],
    ['class_accuracy_2min', 0.85],
    ['class_accuracy_segment', 0.8],
  ])('reaches %s of at least %f', (name, floor) => {
    expect(row(name).value).toBeGreaterThanOrEqual(floor);
  });

  it.each([
    ['real_idle_called_cyclic', 0],
    ['real_busy_called_cyclic', 0.06],
    ['memory_bound_broken', 0.02],
    ['memory_bound_over', 0.22],
    ['cycle_ahead_error_ratio', 0.3],
  ])('keeps %s at %f or below', (name, ceiling) => {
    expect(row(name).value).toBeLessThanOrEqual(ceiling);
  });
});
