import type { OptionSpec } from './option-spec.ts';

/** What a value must look like, in words that fit after "is not": `a duration such as 30s, from 1s to 1h`. */
export function formOf(spec: OptionSpec): string {
  switch (spec.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number${numberRange(spec.min, spec.max)}`;
    case 'number':
      return `a number${numberRange(spec.min, spec.max)}`;
    case 'duration':
      return `a duration such as 250ms, 30s, 5m or 1h30m${range(spec.min, spec.max)}`;
    case 'enum':
      return `one of ${spec.values.join(', ')}`;
    case 'list':
      return `a list of ${itemForm(spec)}`;
    case 'address':
      return 'HOST:PORT such as :9876, 127.0.0.1:9876 or [::1]:0';
    case 'url':
      return 'a URL that starts with http:// or https://';
    case 'file':
      return 'the path of a file';
    default:
      return spec.pattern?.form ?? 'text';
  }
}

/** What each item of a list must look like. */
export function itemForm(spec: OptionSpec & { type: 'list' }): string {
  if (spec.values !== undefined) return `any of ${spec.values.join(', ')}`;
  return spec.item?.form ?? 'text';
}

/** The word that stands for the value in --help. */
export function placeholderOf(spec: OptionSpec): string {
  switch (spec.type) {
    case 'boolean':
      return '';
    case 'integer':
    case 'number':
      return 'N';
    case 'duration':
      return 'DURATION';
    case 'enum':
      return spec.values.join('|');
    case 'list':
      if (spec.positional === true) return 'FILE';
      return spec.itemsPerLine === true ? 'ITEM' : 'A,B,…';
    case 'address':
      return 'HOST:PORT';
    case 'url':
      return 'URL';
    case 'file':
      return 'FILE';
    default:
      return 'TEXT';
  }
}

function numberRange(min: number | undefined, max: number | undefined): string {
  return range(min, max).replace(', ', ' ');
}

function range(min: number | string | undefined, max: number | string | undefined): string {
  if (min === undefined && max === undefined) return '';
  if (max === undefined) return `, at least ${min}`;
  if (min === undefined) return `, at most ${max}`;
  return `, from ${min} to ${max}`;
}
