import {
  environmentNameOf,
  environmentPrefix,
  optionNamesIn,
  optionNames,
  placesOf,
} from './names.ts';
import type { Mode } from './option-spec.ts';
import type { OptionName } from './options.ts';
import type { RawValue } from './origin.ts';
import { nearestOf } from './suggestion.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment of this process: the one place that reads it. */
export function processEnvironment(): Environment {
  return process.env;
}

/** Threads of libuv's pool, which are made once: UV_THREADPOOL_SIZE as it was at the start, else libuv's own number. */
export function threadPoolSize(env: Environment): number {
  const asked = Number(env['UV_THREADPOOL_SIZE'] ?? '4');
  return Number.isInteger(asked) ? Math.min(Math.max(asked, 1), 1024) : 4;
}

/** The values that the environment gives to the options of a mode. An empty variable counts as not set. */
export function readEnvironment(env: Environment, mode: Mode): ReadonlyMap<OptionName, RawValue> {
  const found = new Map<OptionName, RawValue>();
  for (const name of optionNamesIn(mode)) {
    const variable = environmentNameOf(name);
    const value = env[variable];
    if (value === undefined || value.trim() === '' || !placesOf(name).includes('environment'))
      continue;
    found.set(name, { name, origin: { kind: 'environment', name: variable }, value });
  }
  return found;
}

/**
 * Variables that look like a slip of the pen. They cannot be refused: Kubernetes itself sets GPU_PROFILER_PORT and the
 * like in each pod beside a Service named gpu-profiler.
 */
export function environmentWarnings(env: Environment): readonly string[] {
  const known = optionNames
    .filter((name) => placesOf(name).includes('environment'))
    .map(environmentNameOf);
  const warnings: string[] = [];
  for (const variable of Object.keys(env)) {
    if (!variable.startsWith(environmentPrefix) || known.includes(variable)) continue;
    const nearest = nearestOf(variable.slice(environmentPrefix.length), known.map(withoutPrefix));
    if (nearest === null) continue;
    warnings.push(
      `environment variable ${variable} is not known and has no effect; did you mean ${environmentPrefix}${nearest}?`,
    );
  }
  return warnings;
}

function withoutPrefix(variable: string): string {
  return variable.slice(environmentPrefix.length);
}
