import type { GpuFacts } from '../gpu-facts.ts';
import { parseObject } from './profile.ts';

/** Facts that GPUs of one kind share, in the order in which they are written. */
interface Kind {
  readonly model?: string;
  readonly memoryMiB?: number;
  readonly pcieGeneration?: number;
  readonly pcieWidth?: number;
}

const kindNames = ['model', 'memoryMiB', 'pcieGeneration', 'pcieWidth'] as const;

/**
 * The gpu-static annotation: flat where all GPUs are of one kind, else with one group per kind.
 * A fact that is missing this time (an exporter without it) is taken from what was written before.
 */
export function staticText(gpus: readonly GpuFacts[], previous: string | undefined): string {
  const before = previous === undefined ? null : parseObject(previous);
  const driver =
    gpus.find(({ driverVersion }) => driverVersion !== null)?.driverVersion ?? before?.['driver'];
  const groups = new Map<string, { kind: Kind; gpus: number[] }>();
  for (const gpu of gpus) {
    const kind = kindOf(gpu, factsBefore(before, gpu.index));
    const key = JSON.stringify(kind);
    const group = groups.get(key) ?? { kind, gpus: [] };
    group.gpus.push(gpu.index);
    groups.set(key, group);
  }
  const driverPart = typeof driver === 'string' ? { driver } : {};
  const [only, ...others] = groups.values();
  if (only !== undefined && others.length === 0) {
    return JSON.stringify({ v: 1, count: gpus.length, ...only.kind, ...driverPart });
  }
  const list = [...groups.values()].map(({ kind, gpus }) => ({ gpus, ...kind }));
  return JSON.stringify({ v: 1, count: gpus.length, ...driverPart, groups: list });
}

type Facts = Readonly<Record<string, unknown>> | null;

/** What was written about the GPU of this index: the group it is in, or what all have in common. */
function factsBefore(before: Facts, index: number): Facts {
  const groups: unknown = before?.['groups'];
  if (!Array.isArray(groups)) return before;
  const group: unknown = groups.find((one: unknown) => {
    const gpus = field(one, 'gpus');
    return Array.isArray(gpus) && gpus.includes(index);
  });
  return typeof group === 'object' ? (group as Facts) : null;
}

function field(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null
    ? (object as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function kindOf(gpu: GpuFacts, before: Facts): Kind {
  const now: Record<(typeof kindNames)[number], string | number | null> = {
    model: gpu.model,
    memoryMiB: gpu.memoryTotalMiB === null ? null : Math.round(gpu.memoryTotalMiB),
    pcieGeneration: gpu.pcieGenerationMax,
    pcieWidth: gpu.pcieWidthMax,
  };
  const kind: Record<string, string | number> = {};
  for (const name of kindNames) {
    const value = now[name] ?? before?.[name];
    if (typeof value === 'string' || typeof value === 'number') kind[name] = value;
  }
  return kind;
}
