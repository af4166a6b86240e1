import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { emptyScores, mergeScores } from '../bench/evaluate/rows/scores.ts';
import { classGrid, shippedIndex } from '../bench/evaluate/traces/class-grid.ts';
import { readFolder } from '../bench/evaluate/traces/folder.ts';
import { choose, readGrid } from '../bench/evaluate/traces/leave-one-out.ts';
import { readTrace } from '../bench/evaluate/traces/score-trace.ts';
import { scoreClasses } from '../bench/evaluate/traces/score-classes.ts';

const folder = fileURLToPath(new URL('../../shared/traces/', import.meta.url));
const hasTraces = existsSync(`${folder}labels.csv`);
const why = hasTraces ? '' : ' (skipped: no recorded traces beside this checkout)';

describe.skipIf(!hasTraces)(`the shipped class thresholds${why}`, () => {
  it('are those that the evaluation chooses on all sources', () => {
    const scores = emptyScores();
    for (const label of hasTraces ? readFolder(folder) : []) {
      const trace = readTrace(folder, label);
      const own = emptyScores();
      if (trace !== null) scoreClasses(trace, own);
      mergeScores(scores, own);
    }
    const chosen = choose(readGrid(scores));
    expect({ chosen, limits: classGrid[chosen] }).toEqual({
      chosen: shippedIndex,
      limits: classGrid[shippedIndex],
    });
  });
});
