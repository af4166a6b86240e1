import { readField, type QuantityName } from '../nvidia-smi/quantity.ts';

/** How a column is read: its quantity, the unit that its header names, and what turns our unit of the quantity into the channel's. */
export interface CellForm {
  readonly quantity: QuantityName;
  /** `MiB`; '' where the header names none. */
  readonly unit: string;
  readonly scale: number;
}

/** No value is below 0, so these are none. */
export const noValue = -1;
/** The text says that the GPU is gone. */
export const goneValue = -2;
/** Neither a number nor a reason for none. */
export const nonsense = -3;

/** Cells say the same again and again: utilisations are a hundred, memory changes seldom. */
const mostKnown = 5_000;

/** Reads the cells of one column: its numbers, in the unit of its channel, or why there is none. */
export function createCellReader({ quantity, unit, scale }: CellForm): (cell: string) => number {
  const known = new Map<string, number>();
  const readAnew = (cell: string): number => {
    if (cell === '' || /^nan$/i.test(cell)) return noValue;
    const read = readField(withUnit(cell, unit), quantity);
    if (read.kind === 'value') return read.value * scale;
    if (read.kind === 'down') return goneValue;
    const isExcuse = read.reason !== 'unknown_error' || /unknown error|err!/i.test(cell);
    return isExcuse ? noValue : nonsense;
  };
  return (cell) => {
    const before = known.get(cell);
    if (before !== undefined) return before;
    const value = readAnew(cell);
    if (known.size < mostKnown) known.set(cell, value);
    return value;
  };
}

/** nounits: the number stands alone, and only the header says of what. In traces it may have an exponent; a comma is the point of other countries. */
function withUnit(cell: string, unit: string): string {
  const text = /^[-+]?\d+,\d+(?: ?[a-zA-Z%]+)?$/.test(cell) ? cell.replace(',', '.') : cell;
  if (!/^[-+.\deE]+$/.test(text)) return text;
  const value = Number(text);
  return Number.isFinite(value) ? `${/e/i.test(text) ? value.toFixed(6) : text}${unit}` : text;
}
