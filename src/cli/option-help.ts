import { placeholderOf } from '../config/form.ts';
import {
  defaultIn,
  environmentNameOf,
  flagOf,
  optionNamesIn,
  placesOf,
  specOf,
} from '../config/names.ts';
import { groups, type Mode } from '../config/option-spec.ts';
import type { OptionName } from '../config/options.ts';
import { wrap } from './wrap.ts';

const indent = '      ';

/** All options of a mode under the headings of their groups, each with its default and its environment variable. */
export function optionHelp(mode: Mode, columns: number): string {
  const width = Math.max(40, Math.min(columns, 100) - indent.length);
  const names = optionNamesIn(mode);
  const sections = groups.flatMap((group) => {
    const own = names.filter((name) => specOf(name).group === group);
    if (own.length === 0) return [];
    return [`${group}:\n${own.map((name) => oneOption(name, mode, width)).join('\n')}\n`];
  });
  return sections.join('\n');
}

function oneOption(name: OptionName, mode: Mode, width: number): string {
  const spec = specOf(name);
  const placeholder = placeholderOf(spec);
  const negatable = spec.type === 'boolean' && defaultIn(name, mode) === true;
  const flag = negatable ? `${flagOf(name)}, --no-${name}` : flagOf(name);
  const lines = wrap(spec.description, width).map((line) => indent + line);
  const facts = [defaultText(name, mode)];
  if (placesOf(name).includes('environment')) facts.push(`env ${environmentNameOf(name)}`);
  const known = facts.filter((fact) => fact !== '');
  if (known.length > 0) lines.push(...wrap(`[${known.join('; ')}]`, width).map((l) => indent + l));
  const short = name === 'help' ? '-h, ' : '';
  return [`  ${short}${flag}${placeholder === '' ? '' : ` ${placeholder}`}`, ...lines].join('\n');
}

function defaultText(name: OptionName, mode: Mode): string {
  const spec = specOf(name);
  if (spec.requiredIn?.includes(mode) === true) return 'required';
  if ('computedDefault' in spec) return 'default: the host name';
  const value = defaultIn(name, mode);
  if (value === null || (Array.isArray(value) && value.length === 0)) return '';
  if (spec.type === 'boolean' && value === false) return '';
  return `default: ${Array.isArray(value) ? value.join(',') : String(value)}`;
}
