import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExposition } from './exposition-text.ts';

const one = (line: string) => {
  const [series] = parseExposition(line);
  return series && { ...series, labels: Object.fromEntries(series.labels) };
};

describe('gpu/dcgm/exposition-text', () => {
  it.each([
    ['up 1', { name: 'up', labels: {}, value: 1 }],
    ['a{} 2.5', { name: 'a', labels: {}, value: 2.5 }],
    ['a{b="c",d="e"} -1e-3', { name: 'a', labels: { b: 'c', d: 'e' }, value: -0.001 }],
    ['a{b="c",} 1 1700000000000', { name: 'a', labels: { b: 'c' }, value: 1, timestampMs: 1.7e12 }],
    ['a { b = "c" } +Inf', { name: 'a', labels: { b: 'c' }, value: Infinity }],
    ['a{b="x\\"y\\\\z\\n"} 1', { name: 'a', labels: { b: 'x"y\\z\n' }, value: 1 }],
    ['a{b="x,y}"} 1', { name: 'a', labels: { b: 'x,y}' }, value: 1 }],
    ['a{b="8" disk",c="d"} 1', { name: 'a', labels: { b: '8" disk', c: 'd' }, value: 1 }],
    ['a{b="C:\\dir\\",c="d"} 1', { name: 'a', labels: { b: 'C:\\dir\\', c: 'd' }, value: 1 }],
  ])('reads %s', (line, series) => {
    expect(one(line)).toEqual(series);
  });

  it('reads NaN as NaN', () => {
    expect(one('a NaN')?.value).toBeNaN();
  });

  it('passes over comments, empty lines and what it cannot read', () => {
    const text =
      '# HELP a b\n\n# TYPE a gauge\n{x="1"} 1\na{b="c} 1\na{b=c} 1\na one\n1a 1\nb 7\r\n';

    expect(parseExposition(text).map(({ name, value }) => [name, value])).toEqual([['b', 7]]);
  });

  it('reads back what has been written by the rules of the format', () => {
    const labelValue = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\r'));
    const labels = fc.dictionary(fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/), labelValue, {
      noNullPrototype: true,
    });
    const anyNumber = fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0));
    fc.assert(
      fc.property(labels, anyNumber, (given, value) => {
        const written = Object.entries(given).map(
          ([name, text]) =>
            `${name}="${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
        );
        // An escaped quote before the end of a line that goes on like one is ambiguous by design of the tolerance.
        fc.pre(!Object.values(given).some((text) => /["\\]\s*[,}]|["\\]$/.test(text)));
        const number = value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value);
        expect(one(`m{${written.join(',')}} ${number}`)).toEqual({
          name: 'm',
          labels: { ...given },
          value,
        });
      }),
    );
  });

  it('never fails, whatever it is given', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('a{', 'b="', '"', '\\', '}', ' 1', '\n', ','),
    );
    const result = fc.check(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        parseExposition(pieces.join(''));
      }),
    );
    expect(result).toMatchObject({ failed: false });
  });

  it('takes time in proportion to the length, not to its square', () => {
    // With its square it would take longer than any test may.
    expect(parseExposition(`a{b="${'"'.repeat(1_000_000)}`)).toEqual([]);
    expect(parseExposition(`a{b="${' "'.repeat(500_000)}"} 1`)).toHaveLength(1);
  });
});
