import { describe, expect, it } from 'vitest';
import { createScreen } from './screen.ts';

const escape = '\u001b';
const controls = new RegExp(`(${escape}\\[[?0-9]*[A-Za-z]|\\n|\\r)`);

/** A terminal as far as the screen uses one: newline, cursor up, carriage return, erase below. */
function terminal(rows = 24): {
  output: Parameters<typeof createScreen>[0];
  lines: () => string[];
  raw: () => string;
} {
  const grid: string[] = [''];
  let at = 0;
  let raw = '';
  const write = (text: string): void => {
    raw += text;
    for (const part of text.split(controls)) {
      if (part === '\n') {
        at += 1;
        grid[at] ??= '';
      } else if (part.endsWith('A') && part.startsWith('\u001b')) at -= Number(part.slice(2, -1));
      else if (part === '\u001b[J') grid.splice(at, grid.length, '');
      else if (part !== '\r' && !part.startsWith('\u001b')) grid[at] = (grid[at] ?? '') + part;
    }
  };
  return { output: { write, isTTY: true, columns: 20, rows }, lines: () => grid, raw: () => raw };
}

describe('app/standalone/screen', () => {
  it('updates in place and keeps lines above', () => {
    const { output, lines, raw } = terminal();
    const screen = createScreen(output);
    screen.draw(['one', 'two']);
    screen.above('log line');
    screen.draw(['ONE', 'TWO', 'THREE']);
    screen.draw(['1']);
    expect(lines()).toEqual(['log line', '1', '']);
    screen.end();
    expect(raw()).toMatch(/\?25h$/);
  });

  it('never draws more than the terminal holds, in either direction', () => {
    const { output, lines } = terminal(3);
    const screen = createScreen(output);
    screen.draw(['a'.repeat(50), 'b', 'c', 'd']);
    expect(lines()).toEqual(['a'.repeat(20), 'b', '']);
  });
});
