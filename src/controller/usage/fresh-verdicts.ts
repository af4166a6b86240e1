import type { PublishedVerdict } from '../../analysis/verdict.ts';
import { gpuKey, type DialectReader, type ReadMoment } from './dialect-reader.ts';
import type { NodeMapping } from './node-mapping.ts';
import { NodeVerdicts, allVerdictFamilies } from './node-verdicts.ts';
import { shardItems } from './shard-items.ts';
import type { VerdictAges } from './verdict-ages.ts';

type Verdicts = ReadonlyMap<string, PublishedVerdict>;

export interface FreshVerdictsOptions {
  readonly ages: VerdictAges;
  /** As of the read before. One of which nothing is told this time holds until it is too old: a single failed scrape takes all series of a target away
   * until the next one, and series analysed in the place of the verdict would take the period back for that moment. */
  readonly before: Verdicts;
}

/**
 * Verdicts that nodes made themselves and that are neither too old nor from the future, by gpuKey.
 * Where two targets tell about the same GPU the newer one holds, then the one of the lexically first target.
 */
export async function freshVerdicts(
  reader: DialectReader,
  mapping: NodeMapping,
  { ages, before }: FreshVerdictsOptions,
  moment: ReadMoment,
): Promise<Verdicts> {
  ages.begin(moment.atSeconds);
  const isMatched = ({ place }: { place: string }): boolean => mapping.find(place) !== null;
  const items = shardItems(reader.entries, isMatched, allVerdictFamilies.length);
  const verdicts = new NodeVerdicts();
  await reader.readVectors('verdicts', allVerdictFamilies, items, {
    ...moment,
    onSeries: (series) => verdicts.add(series),
  });
  const fresh = new Map<string, PublishedVerdict & { origin: string }>();
  const told = new Set<string>();
  for (const { uuid, origin, place } of reader.entries) {
    const node = mapping.find(place);
    const verdict = verdicts.find(uuid, origin);
    if (node === null || verdict === null) continue;
    const key = gpuKey(node, uuid);
    told.add(key);
    ages.take(node, key, origin, verdict.asOfSeconds);
    if (!ages.isFresh(key, verdict.asOfSeconds)) continue;
    const other = fresh.get(key);
    if (other === undefined) {
      fresh.set(key, { ...verdict, origin });
      continue;
    }
    moment.problems.count('ambiguous_series', `two verdicts about ${uuid} on ${node}`, twiceHint);
    const newer = verdict.asOfSeconds - other.asOfSeconds;
    if (newer > 0 || (newer === 0 && origin < other.origin)) fresh.set(key, { ...verdict, origin });
  }
  ages.tell(moment.problems);
  const remembered = [...before].filter(
    ([key, { asOfSeconds }]) => !told.has(key) && ages.isFresh(key, asOfSeconds),
  );
  const now = [...fresh].map(([key, { origin: _origin, ...verdict }]) => [key, verdict] as const);
  return new Map([...remembered, ...now]);
}

export const twiceHint =
  'One GPU is scraped twice, or Prometheus replicas are not deduplicated: one series is chosen, always the same.';
