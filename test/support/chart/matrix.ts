import type { Levels } from './levels/levels.ts';
import { surroundingLevels } from './levels/surroundings.ts';
import { workloadLevels } from './levels/workloads.ts';
import { pairwise, type Row } from './pairwise.ts';
import type { RenderOptions } from './render.ts';

/** Namespaces that some of the rows name. */
export const namespaces = ['gpu-profiler', 'monitoring', 'gpu-operator'];

const levels: Levels = { ...surroundingLevels, ...workloadLevels };

/** A pairwise set of all of these. */
export const rows: readonly Row[] = pairwise(
  Object.fromEntries(Object.entries(levels).map(([name, of]) => [name, Object.keys(of)])),
).filter((row) => !isNothing(row));

/** With neither collector nor controller, and somebody else's Prometheus, there may be nothing to install. */
function isNothing(row: Row): boolean {
  const { collector, controller, prometheus = '' } = row;
  return collector === 'off' && controller === 'off' && prometheus.startsWith('yours');
}

export function optionsOf(row: Row): RenderOptions {
  return Object.entries(row).reduce<RenderOptions>(
    (all, [factor, level]) => merge(all, levels[factor]?.[level] ?? {}),
    {},
  );
}

/** The levels that are not a factor's first, which is the chart's default. */
export function nameOf(row: Row): string {
  const set = Object.entries(row).filter(([factor, level]) => {
    return level !== Object.keys(levels[factor] ?? {})[0];
  });
  return set.map(([factor, level]) => `${factor}: ${level}`).join(', ') || 'defaults';
}

function merge<T extends object>(a: T, b: T): T {
  const merged = Object.entries(b).map(([key, value]: [string, unknown]) => {
    const before: unknown = a[key as keyof T];
    return [key, isMapping(before) && isMapping(value) ? merge(before, value) : value];
  });
  return { ...a, ...(Object.fromEntries(merged) as T) };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
