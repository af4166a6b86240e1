import type { PrometheusClient, QueryResult } from '../../prometheus/client.ts';
import { labelIn, selectorOf, type Dialect } from './dialect.ts';
import { placeOf } from './node-mapping.ts';

/** One GPU as one target shows it. */
export interface RosterEntry {
  readonly uuid: string;
  /** How its target spells the label with the UUID. */
  readonly uuidLabel: string;
  readonly index: number;
  /** Which target it is: job and instance. */
  readonly origin: string;
  readonly instance: string;
  /** Values of the labels that may name the node, see placeOf. */
  readonly place: string;
  /** Series per GPU in the roster families. */
  readonly seriesCount: number;
  /** GPU instances that it is parted into; 0: it is whole. */
  readonly parts: number;
}

export interface Roster {
  readonly entries: readonly RosterEntry[];
  /** Series without a usable UUID or index. */
  readonly unusable: number;
  readonly warnings: readonly string[];
}

export interface RosterQuery {
  readonly dialect: Dialect;
  readonly nodeLabels: readonly string[];
  readonly atSeconds: number;
  /** Not 0: also what has been there within this time, for the first look. */
  readonly windowSeconds: number;
  readonly signal: AbortSignal;
}

/** Asks which GPUs there are: one small answer for the whole fleet, only the labels that identify. */
export async function readRoster(client: PrometheusClient, query: RosterQuery): Promise<Roster> {
  const { dialect, nodeLabels, windowSeconds } = query;
  const labels = new Set([
    ...dialect.uuidLabels,
    dialect.indexLabel,
    'job',
    'instance',
    ...nodeLabels,
    ...dialect.partLabels,
  ]);
  const selector = selectorOf(dialect.roster);
  // last_over_time keeps the names of the families; present_over_time would make them one and be refused.
  const counted = windowSeconds === 0 ? selector : `last_over_time(${selector}[${windowSeconds}s])`;
  const result = await client.query(`count by (${[...labels].join(',')}) (${counted})`, {
    timeSeconds: query.atSeconds,
    signal: query.signal,
  });
  return readEntries(result, query);
}

/** A GPU in MIG mode is listed by its instances: they make one entry, with the GPU where that is listed too. */
function readEntries(result: QueryResult, { dialect, nodeLabels }: RosterQuery): Roster {
  const entries = new Map<string, RosterEntry>();
  let unusable = 0;
  for (const { labels, points } of result.series) {
    const uuid = labelIn(labels, dialect.uuidLabels);
    const index = indexOf(labels[dialect.indexLabel]);
    if (uuid === '' || index === null) {
      unusable += 1;
      continue;
    }
    const origin = originOf(labels);
    const place = placeOf(labels, nodeLabels);
    const key = `${origin}\0${place}\0${index}\0${uuid}`;
    const known = entries.get(key);
    const isPart = labelIn(labels, dialect.partLabels) !== '';
    entries.set(key, {
      uuid,
      uuidLabel: dialect.uuidLabels.find((name) => labels[name] === uuid) ?? dialect.uuidLabels[0],
      index,
      origin,
      instance: labels['instance'] ?? '',
      place,
      seriesCount: (known?.seriesCount ?? 0) + Math.max(1, Number(points[0]?.[1] ?? 1)),
      parts: (known?.parts ?? 0) + (isPart ? 1 : 0),
    });
  }
  return { entries: [...entries.values()], unusable, warnings: result.warnings };
}

/** The target that a series came from. */
export function originOf(labels: Readonly<Record<string, string>>): string {
  return `${labels['job'] ?? ''}/${labels['instance'] ?? ''}`;
}

function indexOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : null;
}
