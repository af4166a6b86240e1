import { formatDurationMs } from '../lib/duration.ts';
import { formatListenAddress } from './listen-address.ts';
import { filePathOf, optionNamesIn, placesOf, specOf } from './names.ts';
import type { ListenAddress, Mode, OptionSpec } from './option-spec.ts';
import type { OptionName } from './options.ts';
import { describeOrigin, type Origin } from './origin.ts';

type Tree = Map<string, Tree | string>;

/**
 * The configuration as it is used, as YAML that --config.file takes, each value with its origin behind it.
 * Values that are not set and secrets become comments.
 */
export function printConfig(
  mode: Mode,
  settings: Readonly<Record<string, unknown>>,
  origins: Readonly<Record<string, Origin>>,
): string {
  const tree: Tree = new Map();
  const comments: string[] = [];
  for (const name of optionNamesIn(mode)) {
    if (!placesOf(name).includes('file')) continue;
    const origin = describeOrigin(origins[name] ?? { kind: 'default' });
    const value = settings[name];
    if (value === null || value === undefined) comments.push(`# ${name}: not set`);
    else if (isSecret(name, value)) comments.push(`# ${name}: secret, left out (${origin})`);
    else if (isIdle(name, settings)) {
      comments.push(`# ${name}: ${yamlOf(specOf(name), value)}, without effect here (${origin})`);
    } else insert(tree, filePathOf(name), `${yamlOf(specOf(name), value)}  # ${origin}`);
  }
  return [`# Configuration of gpu-profiler ${mode}`, ...linesOf(tree, ''), ...comments, ''].join(
    '\n',
  );
}

/** Without effect by `onlyWith`: left out of the keys, for setting it would be refused. */
function isIdle(name: OptionName, settings: Readonly<Record<string, unknown>>): boolean {
  const { onlyWith } = specOf(name);
  if (onlyWith === undefined) return false;
  return !onlyWith.values.some((allowed) => allowed === settings[onlyWith.option]);
}

function isSecret(name: OptionName, value: unknown): boolean {
  return specOf(name).secret === true && !(Array.isArray(value) && value.length === 0);
}

function insert(tree: Tree, path: readonly string[], text: string): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    tree.set(key, text);
    return;
  }
  const found = tree.get(key);
  const below: Tree = found instanceof Map ? found : new Map();
  tree.set(key, below);
  insert(below, rest, text);
}

function linesOf(tree: Tree, indent: string): string[] {
  return [...tree].flatMap(([key, below]) =>
    typeof below === 'string'
      ? [`${indent}${key}: ${below}`]
      : [`${indent}${key}:`, ...linesOf(below, `${indent}  `)],
  );
}

/** JSON is YAML, so quoting is settled. */
function yamlOf(spec: OptionSpec, value: unknown): string {
  if (spec.type === 'duration' && typeof value === 'number') {
    return JSON.stringify(formatDurationMs(value));
  }
  if (spec.type === 'address') return JSON.stringify(formatListenAddress(value as ListenAddress));
  return Array.isArray(value)
    ? `[${value.map((item) => JSON.stringify(item)).join(', ')}]`
    : JSON.stringify(value);
}
