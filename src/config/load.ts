import { hostname } from 'node:os';
import { messageOf, UsageError } from '../lib/errors.ts';
import { environmentWarnings, readEnvironment, type Environment } from './environment.ts';
import { readFlags } from './flags.ts';
import { defaultIn, flagOf, optionNamesIn, specOf } from './names.ts';
import type { Mode } from './option-spec.ts';
import type { OptionName, OptionNameIn, Settings } from './options.ts';
import { describeOrigin, type Origin, type RawValue } from './origin.ts';
import { usageErrorOf, type Problem } from './problem.ts';
import { brokenRules } from './rules.ts';
import { parseValue, type ParsedValue } from './value.ts';

export interface ConfigInput {
  /** Arguments after the command. */
  readonly argv: readonly string[];
  readonly env: Environment;
  readFile(path: string): Promise<string>;
}

export interface Loaded<M extends Mode> {
  /** Frozen. */
  readonly settings: Settings<M>;
  readonly origins: Readonly<Record<OptionNameIn<M>, Origin>>;
  /** Worth a line in the log, no reason to stop. */
  readonly warnings: readonly string[];
}

/**
 * The settings of a command: flag over environment over file over default.
 * @throws {UsageError} that lists everything that is wrong: unknown flags and keys, wrong types, impossible combinations.
 */
export async function loadSettings<M extends Mode>(
  mode: M,
  input: ConfigInput,
): Promise<Loaded<M>> {
  const problems: Problem[] = [];
  const flags = readFlags(input.argv, mode, problems);
  const environment = readEnvironment(input.env, mode);
  const file = await readConfigFile(flags, environment, input, problems);

  const values = new Map<OptionName, ParsedValue | null>();
  const origins = new Map<OptionName, Origin>();
  for (const name of optionNamesIn(mode)) {
    const raw = flags.get(name) ?? environment.get(name) ?? file.get(name) ?? defaultOf(name, mode);
    file.delete(name);
    values.set(name, parseRaw(raw, problems));
    origins.set(name, raw.origin);
  }
  // Keys of other commands: a slip there is better found now than when that command starts.
  for (const raw of file.values()) parseRaw(raw, problems);
  if (problems.length === 0)
    problems.push(...missing(mode, values), ...brokenRules(mode, values, origins));
  if (problems.length > 0) throw usageErrorOf(problems, `gpu-profiler ${mode} --help`);
  return {
    // The one place where the types of the table meet the values read by it.
    settings: Object.freeze(Object.fromEntries(values)) as Settings<M>,
    origins: Object.freeze(Object.fromEntries(origins)) as Record<OptionNameIn<M>, Origin>,
    warnings: environmentWarnings(input.env),
  };
}

async function readConfigFile(
  flags: ReadonlyMap<OptionName, RawValue>,
  environment: ReadonlyMap<OptionName, RawValue>,
  input: ConfigInput,
  problems: Problem[],
): Promise<Map<OptionName, RawValue>> {
  const given = flags.get('config.file') ?? environment.get('config.file');
  if (given === undefined) return new Map();
  const path = String(given.value);
  let text: string;
  try {
    text = await input.readFile(path);
  } catch (error) {
    throw new UsageError(
      `config.file: "${path}" (from ${describeOrigin(given.origin)}) cannot be read: ${messageOf(error)}`,
      { cause: error, hint: 'Give the path of a YAML file that this user may read.' },
    );
  }
  // Loaded only where there is a file: the collector's memory is counted.
  const { readFileValues } = await import('./file.ts');
  return new Map(readFileValues(text, path, problems));
}

function defaultOf(name: OptionName, mode: Mode): RawValue {
  const spec = specOf(name);
  const computed = 'computedDefault' in spec ? hostname() : null;
  return { name, origin: { kind: 'default' }, value: defaultIn(name, mode) ?? computed };
}

function parseRaw(raw: RawValue, problems: Problem[]): ParsedValue | null {
  if (raw.value === null) return null;
  const spec = specOf(raw.name);
  const parsed = parseValue(spec, raw.value);
  if (parsed.ok) return parsed.value;
  const shown = spec.secret === true ? 'the value' : printable(parsed.wrong ?? raw.value);
  problems.push({
    message: `${raw.name}: ${shown} (from ${describeOrigin(raw.origin)}) is not ${parsed.expected}`,
    ...hintFor(spec.type, raw.value),
  });
  return null;
}

/** The value in quotes; credentials in a URL are left out. */
function printable(value: unknown): string {
  const text = typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? typeof value);
  return text.replace(/\/\/[^/@\s]*@/, '//…@');
}

function hintFor(type: string, value: unknown): { hint?: string } {
  const text = Array.isArray(value) ? '' : String(value);
  if (type === 'address' && /^\d+$/.test(text)) return { hint: `Write ":${text}".` };
  if (type === 'duration' && /^\d+(\.\d+)?$/.test(text)) {
    return { hint: `Say of what: "${text}s" is ${text} seconds.` };
  }
  if (type === 'url' && /\/\/[^/]*@/.test(text)) {
    return { hint: 'Leave user name and password out of the URL: it ends up in logs.' };
  }
  return {};
}

function missing(mode: Mode, values: ReadonlyMap<OptionName, ParsedValue | null>): Problem[] {
  return optionNamesIn(mode)
    .filter((name) => specOf(name).requiredIn?.includes(mode) === true && values.get(name) === null)
    .map((name) => ({
      message: `${name} is not set, and \`${mode}\` cannot work without it`,
      hint: `Give ${flagOf(name)}. ${specOf(name).description}`,
    }));
}
