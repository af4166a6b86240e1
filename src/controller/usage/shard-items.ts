import type { ShardItem } from '../../prometheus/sharded-query.ts';
import type { RosterEntry } from './roster.ts';

/** A target with more GPUs than a node has is a federation or a gateway: asked for by GPU, not as a whole. */
const mostGpusPerTarget = 64;

/**
 * What to ask for so that all wanted GPUs come and no others: whole targets by `instance` where all of their GPUs are wanted
 * (short queries), single GPUs by UUID otherwise.
 */
export function shardItems(
  entries: readonly RosterEntry[],
  isWanted: (entry: RosterEntry) => boolean,
  seriesPerGpu?: number,
  windowSecondsOf?: (entry: RosterEntry) => number,
): ShardItem[] {
  const targets = new Map<string, RosterEntry[]>();
  for (const entry of entries) {
    const target = targets.get(entry.instance);
    if (target === undefined) targets.set(entry.instance, [entry]);
    else target.push(entry);
  }
  const items: ShardItem[] = [];
  const byUuid = new Map<string, RosterEntry[]>();
  const countOf = ({ seriesCount, parts }: RosterEntry): number =>
    seriesPerGpu === undefined ? seriesCount : seriesPerGpu * Math.max(1, parts);
  const itemOf = (label: string, value: string, wanted: readonly RosterEntry[]): ShardItem => ({
    label,
    value,
    seriesCount: wanted.reduce((sum, entry) => sum + countOf(entry), 0),
    ...(windowSecondsOf === undefined
      ? {}
      : { windowSeconds: Math.max(...wanted.map(windowSecondsOf)) }),
  });
  for (const [instance, target] of targets) {
    const wanted = target.filter(isWanted);
    if (wanted.length === 0) continue;
    if (instance !== '' && wanted.length === target.length && target.length <= mostGpusPerTarget) {
      items.push(itemOf('instance', instance, wanted));
      continue;
    }
    for (const entry of wanted) {
      const key = `${entry.uuidLabel}\0${entry.uuid}`;
      byUuid.set(key, [...(byUuid.get(key) ?? []), entry]);
    }
  }
  for (const wanted of byUuid.values()) {
    const [first] = wanted;
    if (first !== undefined) items.push(itemOf(first.uuidLabel, first.uuid, wanted));
  }
  return items;
}
