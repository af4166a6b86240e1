import type { TextOutput } from '../app-context.ts';

export interface Screen {
  /** Replaces the live part at the bottom of the terminal. */
  draw(lines: readonly string[]): void;
  /** Puts a line above the live part, where it stays. */
  above(line: string): void;
  /** Leaves the live part as it is and gives the cursor back. */
  end(): void;
}

const escape = '\u001b[';

/** A live part of a terminal that updates in place (ANSI cursor movement); never taller than the terminal, which could not be wound back. */
export function createScreen(output: TextOutput): Screen {
  let drawn: readonly string[] = [];
  let cursorHidden = false;
  const erase = (): string => (drawn.length === 0 ? '' : `${escape}${drawn.length}A\r${escape}J`);
  const paint = (prefix: string, lines: readonly string[]): void => {
    const hide = cursorHidden ? '' : `${escape}?25l`;
    cursorHidden = true;
    output.write(`${hide}${erase()}${prefix}${lines.map((line) => `${line}\n`).join('')}`);
    drawn = lines;
  };
  return {
    draw: (lines) =>
      paint(
        '',
        lines.slice(0, Math.max(1, output.rows - 1)).map((line) => line.slice(0, output.columns)),
      ),
    above: (line) => paint(line.endsWith('\n') ? line : `${line}\n`, drawn),
    end: () => {
      if (cursorHidden) output.write(`${escape}?25h`);
      cursorHidden = false;
      drawn = [];
    },
  };
}
