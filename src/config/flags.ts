import { parseArgs } from 'node:util';
import { flagOf, isOptionName, optionNames, optionNamesIn, placesOf, specOf } from './names.ts';
import type { Mode, OptionSpec } from './option-spec.ts';
import type { OptionName } from './options.ts';
import type { RawValue } from './origin.ts';
import type { Problem } from './problem.ts';
import { didYouMean, nearestOf } from './suggestion.ts';
import { formOf } from './form.ts';

interface FlagToken {
  readonly rawName: string;
  readonly name: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

const aliases: ReadonlyMap<string, OptionName> = new Map(
  optionNames.flatMap((name) =>
    (specOf(name).flagAliases ?? []).map((alias) => [alias, name] as const),
  ),
);

function parsedAs(name: OptionName): { type: 'boolean' | 'string'; short?: string } {
  if (specOf(name).type !== 'boolean') return { type: 'string' };
  return { type: 'boolean', ...(name === 'help' ? { short: 'h' } : {}) };
}

/** The values that the command line gives to the options of a mode. Later flags win; lists collect. */
export function readFlags(
  argv: readonly string[],
  mode: Mode,
  problems: Problem[],
): ReadonlyMap<OptionName, RawValue> {
  const found = new Map<OptionName, RawValue>();
  // Not strict: the errors of strict mode know neither the modes nor what was meant.
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries([
      ...optionNames.map((name) => [name, parsedAs(name)] as const),
      ...[...aliases].map(([alias, name]) => [alias, parsedAs(name)] as const),
    ]),
  });
  let valueOfUnknownAt = -1;
  for (const given of tokens) {
    const token =
      given.kind === 'option' ? { ...given, name: aliases.get(given.name) ?? given.name } : given;
    if (token.kind === 'positional') {
      // What follows an unknown flag is most likely its value.
      if (token.index === valueOfUnknownAt) continue;
      const name = positionalOf(mode);
      if (name === undefined) problems.push(strayArgument(token.value, mode));
      else collect(found, name, token.value);
    } else if (token.kind === 'option') {
      if (!isOptionName(token.name) && negatedName(token.name) === null)
        valueOfUnknownAt = token.index + 1;
      readFlag(token, mode, found, problems);
    }
  }
  return found;
}

function readFlag(
  token: FlagToken,
  mode: Mode,
  found: Map<OptionName, RawValue>,
  problems: Problem[],
): void {
  const negated = negatedName(token.name);
  const name = negated ?? token.name;
  if (!isOptionName(name)) {
    problems.push(unknownFlag(token, mode));
    return;
  }
  const spec = specOf(name);
  if (!spec.modes.includes(mode)) {
    problems.push({
      message: `${flagOf(name)} is not a flag of \`${mode}\``,
      hint: `It belongs to: ${spec.modes.join(', ')}.`,
    });
    return;
  }
  const value = flagValue(token, spec, negated !== null);
  if (value === null) {
    problems.push({
      message: `${token.rawName} needs a value: ${formOf(spec)}`,
      hint: `Write ${flagOf(name)}=VALUE if the value starts with --.`,
    });
    return;
  }
  collect(found, name, value);
}

/** Lists collect, other options take the last value. */
function collect(found: Map<OptionName, RawValue>, name: OptionName, value: string): void {
  const before = found.get(name)?.value;
  const all = Array.isArray(before) ? [...before, value] : [value];
  found.set(name, {
    name,
    origin: { kind: 'flag', name: flagOf(name) },
    value: specOf(name).type === 'list' ? all : value,
  });
}

/** The option that takes arguments without a flag, if the mode has one. */
function positionalOf(mode: Mode): OptionName | undefined {
  return optionNamesIn(mode).find((name) => {
    const spec = specOf(name);
    return spec.type === 'list' && spec.positional === true;
  });
}

/** The name behind `--no-…` of a boolean, null for all other flags. */
function negatedName(name: string): OptionName | null {
  const rest = name.slice('no-'.length);
  if (!name.startsWith('no-') || !isOptionName(rest)) return null;
  return specOf(rest).type === 'boolean' && placesOf(rest).length > 1 ? rest : null;
}

function flagValue(token: FlagToken, spec: OptionSpec, negated: boolean): string | null {
  if (spec.type === 'boolean' && token.value === undefined) return negated ? 'false' : 'true';
  // `--no-once=true` says two things at once.
  if (negated || token.value === undefined || token.value === '') return null;
  const swallowedFlag = token.inlineValue === false && token.value.startsWith('--');
  return swallowedFlag ? null : token.value;
}

function unknownFlag(token: FlagToken, mode: Mode): Problem {
  const known = optionNamesIn(mode).map(flagOf);
  // A near flag of another command is a better guess than silence.
  const elsewhere = nearestOf(token.rawName, optionNames.map(flagOf)) ?? undefined;
  const hint = didYouMean(token.rawName, known, elsewhere && `Did you mean ${elsewhere}?`);
  return {
    message: `${token.rawName} is not a flag of \`${mode}\``,
    ...(hint === undefined ? {} : { hint }),
  };
}

function strayArgument(value: string, mode: Mode): Problem {
  return {
    message: `"${value}" is not expected: \`${mode}\` takes flags only`,
    hint: 'Put quotes around a value with spaces or wildcards, and write true or false as --flag=false.',
  };
}
