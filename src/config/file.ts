import { EVENT_ID, getScalarValue, parseEvents, type Event } from 'js-yaml';
import { UsageError } from '../lib/errors.ts';
import { lowerBound } from '../lib/lower-bound.ts';
import { filePathOf, optionNames, placesOf } from './names.ts';
import type { OptionName } from './options.ts';
import type { RawValue } from './origin.ts';
import type { Problem } from './problem.ts';
import { didYouMean } from './suggestion.ts';
import { parseYaml } from './yaml.ts';

const optionByPath = new Map<string, OptionName>(
  optionNames
    .filter((name) => placesOf(name).includes('file'))
    .map((name) => [filePathOf(name).join('.'), name]),
);
/** `web`, `prometheus.basic-auth`: keys that hold keys. */
const sections = new Set(
  [...optionByPath.keys()].flatMap((path) => {
    const keys = path.split('.');
    return keys.slice(1).map((_, index) => keys.slice(0, index + 1).join('.'));
  }),
);

/**
 * The values of a YAML file, of all modes. `null` (a key with nothing behind it) counts as not set.
 * @throws {UsageError} when the text is not YAML.
 */
export function readFileValues(
  text: string,
  path: string,
  problems: Problem[],
): ReadonlyMap<OptionName, RawValue> {
  const found = new Map<OptionName, RawValue>();
  const document = parseYaml(text, path);
  if (document === null) return found;
  if (!isMapping(document)) {
    throw new UsageError(`${path} holds no keys: it is not a YAML mapping`, {
      hint: 'Write options as keys, such as `web: {listen-address: ":9876"}`.',
    });
  }
  const lines = keyLines(text);
  const visit = (mapping: Record<string, unknown>, parents: readonly string[]): void => {
    for (const [key, value] of Object.entries(mapping)) {
      const keys = [...parents, key];
      const dotted = keys.join('.');
      const line = lines.get(JSON.stringify(keys)) ?? null;
      const name = key.includes('.') ? undefined : optionByPath.get(dotted);
      const where = `${path}${line === null ? '' : `:${line}`}`;
      if (name !== undefined) {
        if (value === null) continue;
        found.set(name, { name, origin: { kind: 'file', path, line }, value });
      } else if (sections.has(dotted) && !key.includes('.')) {
        if (isMapping(value)) visit(value, keys);
        else if (value !== null) problems.push(notASection(dotted, where));
      } else {
        problems.push(unknownKey(dotted, where, parents.length === 0));
      }
    }
  };
  visit(document, []);
  return found;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notASection(dotted: string, where: string): Problem {
  const inside = [...optionByPath.keys()].find((path) => path.startsWith(`${dotted}.`)) ?? dotted;
  return {
    message: `${dotted} (from file ${where}) is not a value but holds keys`,
    hint: `Such as ${inside}, written on a line of its own, indented.`,
  };
}

function unknownKey(dotted: string, where: string, topLevel: boolean): Problem {
  const keys = dotted.split('.');
  const nested = optionByPath.has(dotted) && topLevel;
  const hint = nested
    ? `Nest it: ${keys.join(': {')}: …${'}'.repeat(keys.length - 1)}.`
    : didYouMean(dotted, [...optionByPath.keys(), ...sections]);
  return {
    message: `${dotted} (from file ${where}) is not a known key`,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** Line (from 1) of each key, by the JSON text of its path. */
function keyLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const events = parseEvents(text, {});
  let next = 0;
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const lineAt = (offset: number): number => lowerBound(starts, offset + 1);
  const walk = (path: readonly string[]): void => {
    const event = events[next];
    next += 1;
    if (event === undefined) return;
    if (event.type === EVENT_ID.MAPPING) {
      while (!isPop(events[next])) {
        const key = events[next];
        // Keys that are not plain scalars cannot be options; their values are walked all the same.
        const known = key?.type === EVENT_ID.SCALAR;
        const keys = known ? [...path, getScalarValue(text, key)] : path;
        if (known) {
          lines.set(JSON.stringify(keys), lineAt(key.valueStart));
          next += 1;
        } else walk(path);
        walk(keys);
      }
      next += 1;
    } else if (event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.DOCUMENT) {
      while (!isPop(events[next])) walk(path);
      next += 1;
    }
  };
  walk([]);
  return lines;
}

/** True also at the end, so that no loop runs on. */
function isPop(event: Event | undefined): boolean {
  return event === undefined || event.type === EVENT_ID.POP;
}
