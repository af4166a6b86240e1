import { fit, styled, type StyledLine, type Tone } from './styled-line.ts';
import { columnsWithin, type TableRow } from './table-columns.ts';
import { byAttention, type UsageState } from './usage-state.ts';

export interface Table {
  readonly head: StyledLine;
  /** One per GPU: what needs attention first. */
  readonly rows: readonly StyledLine[];
}

const tones: Readonly<Partial<Record<UsageState, Tone>>> = {
  stalled: 'alarm',
  lost: 'alarm',
  'held-idle': 'warning',
};

/** The live table, no wider than `columns`: the model's name gives way first as the terminal narrows, the verdict last. */
export function tableOf(given: readonly TableRow[], columns: number): Table {
  const shown = columnsWithin(columns);
  const line = (cells: readonly string[], tone: Tone): StyledLine =>
    styled(
      cells
        .map((cell, at) => fit(cell, shown[at]?.width ?? 0).padEnd(shown[at]?.width ?? 0))
        .join('  ')
        .trimEnd(),
      tone,
    );
  const rows = given.toSorted((a, b) => byAttention(a.gpu, b.gpu));
  return {
    head: line(
      shown.map((column) => column.title),
      'strong',
    ),
    rows: rows.map((row) =>
      line(
        shown.map((column) => column.text(row, column.width)),
        tones[row.gpu.state] ?? 'plain',
      ),
    ),
  };
}
