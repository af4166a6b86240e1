import { describe, expect, it } from 'vitest';
import { emulatedTerminal } from '../../../test/support/terminal/emulated-terminal.ts';
import { createScreen } from './screen.ts';
import { styled } from './styled-line.ts';

describe('app/standalone/screen', () => {
  it('updates in place', () => {
    const terminal = emulatedTerminal(20, 24);
    terminal.output.write('log line\n');
    const screen = createScreen(terminal.output);
    const draw = (...lines: string[]): void => screen.draw(lines.map((line) => styled(line)));
    draw('one', 'two');
    draw('ONE', 'TWO', 'THREE');
    draw('1');
    expect(terminal.lines()).toEqual(['log line', '1']);
    screen.end();
    expect(terminal.raw()).toMatch(/\n.\[\?25h$/);
  });

  it('never draws more than the terminal holds, in either direction, colours not counted', () => {
    const terminal = emulatedTerminal(20, 3);
    const screen = createScreen({ ...terminal.output, hasColours: true });
    screen.draw([styled('a'.repeat(50), 'alarm'), styled('b'), styled('c'), styled('d')]);
    expect(terminal.lines()).toEqual([`${'a'.repeat(19)}…`, 'b', 'c']);
    expect(terminal.raw()).toContain('[1;31m');
  });

  it('starts anew when the terminal changes its size: what was drawn may have been wrapped', () => {
    const terminal = emulatedTerminal(20, 5);
    const screen = createScreen(terminal.output);
    screen.draw([styled('one'), styled('two')]);
    terminal.resize(10, 5);
    screen.draw([styled('ONE')]);
    expect(terminal.lines()).toEqual(['ONE']);
  });
});
