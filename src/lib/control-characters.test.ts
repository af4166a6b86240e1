import { describe, expect, it } from 'vitest';
import { printable, printableLines, withoutControls } from './control-characters.ts';

describe('lib/control-characters', () => {
  it.each([
    ['NVIDIA H100', 'NVIDIA H100'],
    ['a\u001b[31mred', 'a [31mred'],
    ['a\u009b31mred', 'a 31mred'],
    ['two\r\nlines\u2028three', 'two  lines three'],
    ['\u202eevil', ' evil'],
    ['Grünes Gerät 名', 'Grünes Gerät 名'],
  ])('of %j leaves %j', (given, left) => {
    expect(withoutControls(given)).toBe(left);
  });
});

describe('lib/control-characters: printable', () => {
  it.each([
    ['plain text, Ünïcödé and 漢字', 'plain text, Ünïcödé and 漢字'],
    ['\u001b[2Jgone', String.raw`\u001b[2Jgone`],
    ['\u009b2Jgone', String.raw`\u009b2Jgone`],
    ['a\rb\nc\u007f', String.raw`a\u000db\u000ac\u007f`],
    ['\u202eabc', String.raw`\u202eabc`],
  ])('%j', (given, expected) => {
    expect(printable(given)).toBe(expected);
    expect(printable(expected)).toBe(expected);
  });

  it('keeps the line ends of our own lines', () => {
    expect(printableLines('a\u001b\nb\n')).toBe('a\\u001b\nb\n');
  });
});
