import type { Score, Scores } from '../rows/scores.ts';

const shown = 30;

interface Cell {
  readonly name: string;
  readonly rate: number;
  readonly beside: string;
}

/** Where the synthetic series go wrong: families and samplings called cyclic, and the judged cells of cycles with the fewest right periods. '' without any. */
export function weakCellsAsText({ counts }: Scores): string {
  const nulls = cellsOf(counts, /^called\/null\/(.*)$/, () => '');
  const cycles = cellsOf(counts, /^cell\/(.*)\/right$/, (name) => {
    const found = counts[`cell/${name}/found`];
    return found === undefined ? '' : `, found ${percent(found.sum / found.total)}`;
  });
  const judged = (condition: string) =>
    cycles.filter(({ name, rate }) => name.startsWith(`${condition} |`) && rate < 1);
  return [
    list(
      'without a period, called cyclic',
      nulls.filter(({ rate }) => rate > 0).sort((a, b) => b.rate - a.rate),
    ),
    ...['clean', 'jitter 5 % + missing 10 % + irregular'].map((condition) =>
      list(
        'cycles, periods right',
        judged(condition).sort((a, b) => a.rate - b.rate),
      ),
    ),
  ].join('');
}

function cellsOf(
  counts: Readonly<Record<string, Score>>,
  pattern: RegExp,
  beside: (name: string) => string,
): Cell[] {
  return Object.entries(counts).flatMap(([key, { sum, total }]) => {
    const name = pattern.exec(key)?.[1];
    return name === undefined ? [] : [{ name, rate: sum / total, beside: beside(name) }];
  });
}

function list(title: string, cells: readonly Cell[]): string {
  if (cells.length === 0) return '';
  const lines = cells
    .slice(0, shown)
    .map(({ name, rate, beside }) => `  ${percent(rate)}${beside}  ${name}\n`);
  return `\n${title}\n${lines.join('')}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1).padStart(5)} %`;
}
