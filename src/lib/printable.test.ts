import { describe, expect, it } from 'vitest';
import { printable, printableLines } from './printable.ts';

describe('lib/printable', () => {
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
