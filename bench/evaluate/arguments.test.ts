import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';

describe('evaluate/arguments', () => {
  it('takes a folder or the synthetic series', () => {
    expect(parseArguments(['traces', '--json'])).toMatchObject({ folder: 'traces', json: true });
    expect(parseArguments(['--synthetic', '--seed', '7', '--json'])).toEqual({
      folder: null,
      seed: 7,
      effort: 1,
      json: true,
      details: false,
      cost: true,
    });
  });

  it.each([
    [[], 'either a folder or --synthetic'],
    [['a', '--synthetic'], 'either a folder or --synthetic'],
    [['a', 'b'], 'not also b'],
    [['--synthetic', '--seed', 'x'], '--seed: "x" is not a whole number'],
    [['--synthetic', '--effort', '0'], '--effort: "0" is not a number above 0'],
    [['--sythetic'], '--sythetic'],
  ])('refuses %j with the usage', (argv, message) => {
    expect(() => parseArguments(argv)).toThrow(message);
    expect(() => parseArguments(argv)).toThrow('npm run evaluate -- DIR');
  });
});
