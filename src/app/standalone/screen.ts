import type { TextOutput } from '../app-context.ts';
import { paintLine, type StyledLine } from './styled-line.ts';

export interface Screen {
  /** Replaces the live part at the bottom of the terminal. */
  draw(lines: readonly StyledLine[]): void;
  /** Leaves the live part as it is and gives the cursor back. */
  end(): void;
}

const escape = '\u001b[';

/** A live part of a terminal that updates in place (ANSI cursor movement); never taller than the terminal, which could not be wound back. */
export function createScreen(output: TextOutput): Screen {
  let drawn = 0;
  let size = '';
  let isLive = false;
  const erase = (): string => {
    const before = size;
    size = `${output.columns}x${output.rows}`;
    // After a change of size the old lines may have been wrapped: nobody knows how many there are.
    if (before !== '' && before !== size) return `${escape}H${escape}2J`;
    const up = drawn > 1 ? `${escape}${drawn - 1}A` : '';
    return drawn === 0 ? '' : `\r${up}${escape}J`;
  };
  return {
    draw: (lines) => {
      const { rows, columns, hasColours } = output;
      const shown = lines.slice(0, Math.max(1, rows));
      const text = shown.map((line) => paintLine(line, columns, hasColours)).join('\n');
      output.write(`${isLive ? '' : `${escape}?25l`}${erase()}${text}`);
      isLive = true;
      drawn = shown.length;
    },
    end: () => {
      if (isLive) output.write(`\n${escape}?25h`);
      isLive = false;
      drawn = 0;
    },
  };
}
