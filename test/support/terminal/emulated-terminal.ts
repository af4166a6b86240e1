import type { TextOutput } from '../../../src/app/app-context.ts';

export interface EmulatedTerminal {
  readonly output: TextOutput;
  /** What is to be seen. */
  lines(): readonly string[];
  /** All that was written. */
  raw(): string;
  resize(columns: number, rows: number): void;
}

const escape = '\u001b';
const controls = new RegExp(`(${escape}\\[[?0-9;]*[A-Za-z]|\\n|\\r)`);

/** A terminal as far as the live table uses one: newline, carriage return, cursor up and home, erase below and all. */
export function emulatedTerminal(columns: number, rows: number): EmulatedTerminal {
  let grid: string[] = [''];
  let at = 0;
  let raw = '';
  const size = { columns, rows };
  const write = (text: string): void => {
    raw += text;
    for (const part of text.split(controls)) {
      if (part === '\n') {
        at += 1;
        grid[at] ??= '';
      } else if (part.endsWith('A') && part.startsWith('\u001b')) at -= Number(part.slice(2, -1));
      else if (part === '\u001b[J') grid.splice(at, grid.length, '');
      else if (part === '\u001b[2J') grid = [''];
      else if (part === '\u001b[H') at = 0;
      else if (part !== '\r' && !part.startsWith('\u001b')) grid[at] = (grid[at] ?? '') + part;
    }
  };
  return {
    output: {
      write,
      isTTY: true,
      hasColours: false,
      get columns() {
        return size.columns;
      },
      get rows() {
        return size.rows;
      },
    },
    lines: () => grid,
    raw: () => raw,
    resize: (newColumns, newRows) => Object.assign(size, { columns: newColumns, rows: newRows }),
  };
}
