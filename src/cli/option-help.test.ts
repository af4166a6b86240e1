import { describe, expect, it } from 'vitest';
import { flagOf, optionNamesIn } from '../config/names.ts';
import { modes } from '../config/option-spec.ts';
import { optionHelp } from './option-help.ts';

describe('cli/option-help', () => {
  it.each(modes)('shows every flag of %s once, and none of another command', (mode) => {
    const shown = [...optionHelp(mode, 80).matchAll(/^ {2}(?:-h, )?(--[\w.-]+)/gm)].map(
      ([, flag]) => flag,
    );
    expect(shown).toHaveLength(optionNamesIn(mode).length);
    expect(new Set(shown)).toEqual(new Set(optionNamesIn(mode).map(flagOf)));
  });

  it.each([60, 80, 200])(
    'keeps to %i columns, and to 100 at most, apart from the flags',
    (columns) => {
      const lines = optionHelp('controller', columns).split('\n');
      const descriptions = lines.filter(
        (line) => line.startsWith('      ') && line.trim().includes(' '),
      );
      const longest = Math.max(...descriptions.map((line) => line.length));
      expect(longest).toBeLessThanOrEqual(Math.min(columns, 100));
    },
  );
});
