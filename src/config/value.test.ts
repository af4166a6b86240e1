import { describe, expect, it } from 'vitest';
import type { OptionSpec } from './option-spec.ts';
import { parseValue } from './value.ts';

const base = { description: '', group: 'General', modes: ['collector'], default: null } as const;
const duration: OptionSpec = { ...base, type: 'duration', min: '1s', max: '1h' };
const integer: OptionSpec = { ...base, type: 'integer', min: 0, max: 10 };
const number: OptionSpec = { ...base, type: 'number', min: 0.5 };
const boolean: OptionSpec = { ...base, type: 'boolean' };
const choice: OptionSpec = { ...base, type: 'enum', values: ['a', 'b'] };
const list: OptionSpec = { ...base, type: 'list', values: ['a', 'b'] };
const headers: OptionSpec = {
  ...base,
  type: 'list',
  itemsPerLine: true,
  item: { pattern: '^\\w+=', form: 'Name=value' },
};
const address: OptionSpec = { ...base, type: 'address' };
const url: OptionSpec = { ...base, type: 'url' };
const text: OptionSpec = { ...base, type: 'string' };

describe('config/value', () => {
  it.each<[OptionSpec, unknown, unknown]>([
    [duration, '1m30s', 90_000],
    [duration, ' 1s ', 1000],
    [integer, '10', 10],
    [integer, 7, 7],
    [number, '0.5', 0.5],
    [number, '1e3', 1000],
    [boolean, 'false', false],
    [boolean, true, true],
    [choice, 'b', 'b'],
    [list, 'a, b', ['a', 'b']],
    [list, ['a', 'b,a'], ['a', 'b', 'a']],
    [headers, ['X=1,2', 'Y=3\nZ=4'], ['X=1,2', 'Y=3', 'Z=4']],
    [address, ':9876', { host: null, port: 9876 }],
    [address, '127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
    [address, '[::1]:80', { host: '::1', port: 80 }],
    [url, 'https://x/base', 'https://x/base'],
  ])('%o reads %o', (spec, raw, value) => {
    expect(parseValue(spec, raw)).toEqual({ ok: true, value });
  });

  it.each<[OptionSpec, unknown]>([
    [duration, '30'],
    [duration, 30],
    [duration, '500ms'],
    [duration, '2h'],
    [integer, '1.5'],
    [integer, 1.5],
    [integer, '11'],
    [integer, '-1'],
    [integer, '0x1'],
    [integer, true],
    [number, 'NaN'],
    [number, 'Infinity'],
    [number, '0.4'],
    [boolean, 'yes'],
    [boolean, 1],
    [choice, 'c'],
    [choice, 'A'],
    [list, 'a,c'],
    [list, [1]],
    [list, { a: 1 }],
    [headers, 'no equals sign'],
    [address, '9876'],
    [address, 9876],
    [address, ':65536'],
    [address, '::1:80'],
    [address, 'host:'],
    [url, 'x:9090'],
    [url, 'ftp://x'],
    [url, 'http://user:word@x'],
    [text, 5],
    [text, ''],
  ])('%o refuses %o', (spec, raw) => {
    expect(parseValue(spec, raw)).toMatchObject({ ok: false });
  });

  it('says which item of a list is wrong', () => {
    expect(parseValue(list, 'a,c')).toMatchObject({ wrong: 'c', expected: 'any of a, b' });
  });
});
