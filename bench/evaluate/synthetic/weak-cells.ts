import type { Scores } from '../rows/scores.ts';

const shown = 40;

/** The cells of the synthetic cycles in which the fewest periods are right: condition, shape, sampling, cycles. '' without any. */
export function weakCellsAsText({ counts }: Scores): string {
  const cells = Object.entries(counts).flatMap(([name, right]) => {
    const cell = /^cell\/(.*)\/right$/.exec(name)?.[1];
    const found = cell === undefined ? undefined : counts[`cell/${cell}/found`];
    if (cell === undefined || found === undefined) return [];
    return [{ cell, right: right.sum / right.total, found: found.sum / found.total }];
  });
  if (cells.length === 0) return '';
  const lines = cells
    .sort((a, b) => a.right - b.right || a.found - b.found || a.cell.localeCompare(b.cell))
    .slice(0, shown)
    .map(
      ({ cell, right, found }) =>
        `  right ${percent(right)} %, found ${percent(found)} %  ${cell}\n`,
    );
  return `\nweakest cells of the synthetic cycles\n${lines.join('')}`;
}

function percent(share: number): string {
  return (100 * share).toFixed(0).padStart(3);
}
