import type { Series } from '../../prometheus/client.ts';
import type { InstanceObservation } from '../usage-source.ts';
import { gpuKey, type DialectReader, type ReadMoment } from './dialect-reader.ts';
import { labelIn } from './dialect.ts';
import type { NodeMapping } from './node-mapping.ts';
import { NodeVerdicts, allVerdictFamilies } from './node-verdicts.ts';
import { originOf } from './roster.ts';
import { shardItems } from './shard-items.ts';

type InstanceVerdicts = ReadonlyMap<string, readonly InstanceObservation[]>;

/** `gpu_usage_…` of a GPU is `gpu_mig_usage_…` of its GPU instances. */
export const instanceVerdictFamilies = allVerdictFamilies.map((name) =>
  name.replace(/^gpu_/, 'gpu_mig_'),
);

/** One series about an instance, as one about a GPU whose UUID is `name`. */
interface Told {
  readonly uuid: string;
  readonly name: string;
  readonly series: Series;
  readonly origin: string;
  readonly gpuInstanceId: number;
  readonly profile: string;
}

/** What nodes say themselves of GPU instances, by gpuKey; asked for GPUs in MIG mode only. Of two targets the newer one holds. */
export async function instanceVerdicts(
  reader: DialectReader,
  mapping: NodeMapping,
  isFresh: (gpu: string, asOfSeconds: number) => boolean,
  moment: ReadMoment,
): Promise<InstanceVerdicts> {
  const isParted = ({ place, parts }: { place: string; parts: number }): boolean =>
    parts > 0 && mapping.find(place) !== null;
  const items = shardItems(reader.entries, isParted, instanceVerdictFamilies.length);
  if (items.length === 0) return new Map();
  const verdicts = new NodeVerdicts();
  const told = new Map<string, Told>();
  await reader.readVectors('verdicts about GPU instances', instanceVerdictFamilies, items, {
    ...moment,
    onSeries: (all) => {
      for (const series of all) {
        const one = renamed(series, reader);
        if (one === null) continue;
        verdicts.add([one.series]);
        told.set(`${one.name}\0${one.origin}`, one);
      }
    },
  });
  const byTarget = Map.groupBy(told.values(), ({ uuid, origin }) => `${uuid}\0${origin}`);
  const result = new Map<string, InstanceObservation[]>();
  for (const { uuid, origin, place } of reader.entries) {
    const node = mapping.find(place);
    if (node === null) continue;
    const key = gpuKey(node, uuid);
    const found = (byTarget.get(`${uuid}\0${origin}`) ?? []).flatMap(
      ({ name, gpuInstanceId, profile }) => {
        const nodeVerdict = verdicts.find(name, origin);
        if (nodeVerdict === null || !isFresh(key, nodeVerdict.asOfSeconds)) return [];
        return [{ gpuInstanceId, profile, memoryTotalMiB: null, nodeVerdict, usage: null }];
      },
    );
    if (found.length > 0) result.set(key, newest([...(result.get(key) ?? []), ...found]));
  }
  return result;
}

/** Of each instance once, by number. */
function newest(all: readonly InstanceObservation[]): InstanceObservation[] {
  const asOf = ({ nodeVerdict }: InstanceObservation): number => nodeVerdict?.asOfSeconds ?? 0;
  const best = new Map<number, InstanceObservation>();
  for (const one of all) {
    const other = best.get(one.gpuInstanceId);
    if (other === undefined || asOf(one) > asOf(other)) best.set(one.gpuInstanceId, one);
  }
  return [...best.values()].sort((a, b) => a.gpuInstanceId - b.gpuInstanceId);
}

function nameOf(uuid: string, gpuInstanceId: number): string {
  return `${uuid}/${gpuInstanceId}`;
}

function renamed({ labels, points }: Series, { dialect }: DialectReader): Told | null {
  const uuid = labelIn(labels, dialect.uuidLabels);
  const part = labelIn(labels, dialect.partLabels);
  if (uuid === '' || !/^\d{1,4}$/.test(part)) return null;
  const gpuInstanceId = Number(part);
  const name = nameOf(uuid, gpuInstanceId);
  const family = (labels['__name__'] ?? '').replace(/^gpu_mig_/, 'gpu_');
  return {
    uuid,
    name,
    origin: originOf(labels),
    gpuInstanceId,
    profile: labelIn(labels, dialect.profileLabels),
    series: { labels: { ...labels, __name__: family, [dialect.uuidLabels[0]]: name }, points },
  };
}
