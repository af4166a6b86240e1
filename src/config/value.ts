import { parseDurationMs } from '../lib/duration.ts';
import { codeOf } from '../lib/errors.ts';
import { parseListenAddress } from './listen-address.ts';
import { formOf, itemForm } from './form.ts';
import type { ListenAddress, OptionSpec } from './option-spec.ts';

/** A value of the type of its option; durations are milliseconds. */
export type ParsedValue = string | number | boolean | readonly string[] | ListenAddress;

/** `value`, or `expected`: the allowed form, in words that fit after "is not", and perhaps which item of a list is wrong. */
export type Parsed =
  | { readonly ok: true; readonly value: ParsedValue }
  | { readonly ok: false; readonly expected: string; readonly wrong?: string };

/**
 * Reads a value as found. Text is taken for any type (flags, environment); a file may also have numbers, booleans and
 * lists, where the type is one: `9876` for a text is refused rather than guessed at.
 */
export function parseValue(spec: OptionSpec, raw: unknown): Parsed {
  if (spec.type === 'list') return parseList(spec, raw);
  if (typeof raw === 'string') return parseText(spec, raw);
  const fits =
    spec.type === 'boolean'
      ? typeof raw === 'boolean'
      : (spec.type === 'integer' || spec.type === 'number') && typeof raw === 'number';
  return fits ? parseText(spec, String(raw)) : { ok: false, expected: formOf(spec) };
}

function parseList(spec: OptionSpec & { type: 'list' }, raw: unknown): Parsed {
  const given: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
  const separator = spec.itemsPerLine === true ? '\n' : ',';
  const items: string[] = [];
  for (const piece of given) {
    if (typeof piece !== 'string') return { ok: false, expected: formOf(spec) };
    const parts = piece.split(separator).map((part) => part.trim());
    items.push(...parts.filter((part) => part !== ''));
  }
  const pattern = spec.item === undefined ? null : new RegExp(spec.item.pattern);
  const wrong = items.find(
    (item) => spec.values?.includes(item) === false || pattern?.test(item) === false,
  );
  if (wrong !== undefined) return { ok: false, expected: itemForm(spec), wrong };
  return { ok: true, value: Object.freeze(items) };
}

function parseText(spec: OptionSpec, text: string): Parsed {
  const value = valueOf(spec, text.trim());
  return value === null ? { ok: false, expected: formOf(spec) } : { ok: true, value };
}

function valueOf(spec: OptionSpec, text: string): ParsedValue | null {
  if (text === '') return null;
  switch (spec.type) {
    case 'boolean':
      return booleanOf(text);
    case 'integer':
    case 'number':
      return numberOf(spec, text);
    case 'duration':
      return durationOf(spec, text);
    case 'enum':
      return spec.values.includes(text) ? text : null;
    case 'address':
      return parseListenAddress(text);
    case 'url':
      return isHttpUrl(text) ? text : null;
    case 'file':
      return text;
    case 'string':
      return matching(spec, text);
    default:
      return null;
  }
}

function booleanOf(text: string): boolean | null {
  return text === 'true' || text === 'false' ? text === 'true' : null;
}

function matching(
  spec: OptionSpec & { type: 'string' | 'url' | 'file' },
  text: string,
): string | null {
  if (spec.pattern === undefined) return text;
  return new RegExp(spec.pattern.pattern).test(text) ? text : null;
}

function numberOf(spec: OptionSpec & { type: 'integer' | 'number' }, text: string): number | null {
  const form = spec.type === 'integer' ? /^[+-]?\d+$/ : /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
  const value = Number(text);
  if (!form.test(text) || !Number.isFinite(value)) return null;
  if (spec.type === 'integer' && !Number.isSafeInteger(value)) return null;
  return value >= (spec.min ?? -Infinity) && value <= (spec.max ?? Infinity) ? value : null;
}

function durationOf(spec: OptionSpec & { type: 'duration' }, text: string): number | null {
  try {
    const ms = parseDurationMs(text);
    const leastMs = spec.min === undefined ? 0 : parseDurationMs(spec.min);
    const mostMs = spec.max === undefined ? Infinity : parseDurationMs(spec.max);
    return ms >= leastMs && ms <= mostMs ? ms : null;
  } catch (error) {
    if (codeOf(error) === 'usage') return null;
    throw error;
  }
}

/** Credentials in a URL would end up in logs; there are options for them. */
function isHttpUrl(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}
