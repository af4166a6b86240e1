import type { PrometheusClient, QueryResult } from '../../prometheus/client.ts';
import { selectorOf, type Dialect } from './dialect.ts';
import { placeOf } from './node-mapping.ts';

/** One GPU as one target shows it. */
export interface RosterEntry {
  readonly uuid: string;
  readonly index: number;
  /** Which target it is: job and instance. */
  readonly origin: string;
  readonly instance: string;
  /** Values of the labels that may name the node, see placeOf. */
  readonly place: string;
  /** Series per GPU in the roster families. */
  readonly seriesCount: number;
  /** A part of a GPU (MIG instance), not a GPU. */
  readonly part: boolean;
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
  const labels = new Set([dialect.uuidLabel, dialect.indexLabel, 'job', 'instance', ...nodeLabels]);
  if (dialect.partLabel !== null) labels.add(dialect.partLabel);
  const selector = selectorOf(dialect.roster);
  // last_over_time keeps the names of the families; present_over_time would make them one and be refused.
  const counted = windowSeconds === 0 ? selector : `last_over_time(${selector}[${windowSeconds}s])`;
  const result = await client.query(`count by (${[...labels].join(',')}) (${counted})`, {
    timeSeconds: query.atSeconds,
    signal: query.signal,
  });
  return readEntries(result, query);
}

function readEntries(result: QueryResult, { dialect, nodeLabels }: RosterQuery): Roster {
  const entries: RosterEntry[] = [];
  let unusable = 0;
  for (const { labels, points } of result.series) {
    const uuid = labels[dialect.uuidLabel] ?? '';
    const index = indexOf(labels[dialect.indexLabel]);
    if (uuid === '' || index === null) {
      unusable += 1;
      continue;
    }
    entries.push({
      uuid,
      index,
      origin: originOf(labels),
      instance: labels['instance'] ?? '',
      place: placeOf(labels, nodeLabels),
      seriesCount: Math.max(1, Number(points[0]?.[1] ?? 1)),
      part: dialect.partLabel !== null && (labels[dialect.partLabel] ?? '') !== '',
    });
  }
  return { entries, unusable, warnings: result.warnings };
}

/** The target that a series came from. */
export function originOf(labels: Readonly<Record<string, string>>): string {
  return `${labels['job'] ?? ''}/${labels['instance'] ?? ''}`;
}

function indexOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : null;
}
