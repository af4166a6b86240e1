import { describe, expect, it } from 'vitest';
import { anyOf, quoted } from './matcher.ts';

describe('prometheus/matcher', () => {
  it('uses equality for one value and an alternation of literals for several', () => {
    expect(anyOf('instance', ['a.b:9100'])).toBe('instance="a.b:9100"');
    expect(anyOf('instance', ['a.b:9100', '[::1]:1'])).toBe(
      String.raw`instance=~"a\\.b:9100|\\[::1\\]:1"`,
    );
    expect(anyOf('node', [''])).toBe('node=""');
  });

  it('escapes what would end or change the string', () => {
    expect(quoted('a"b\\c\nd')).toBe(String.raw`"a\"b\\c\nd"`);
    expect(anyOf('x', ['a|b', 'c*'])).toBe(String.raw`x=~"a\\|b|c\\*"`);
  });

  it('refuses an empty list, which would match everything', () => {
    expect(() => anyOf('x', [])).toThrow(RangeError);
  });
});
