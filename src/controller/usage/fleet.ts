import type { PublishedVerdict } from '../../analysis/verdict.ts';
import type {
  FleetUsage,
  GpuObservation,
  InstanceObservation,
  NodeUsage,
} from '../usage-source.ts';
import type { ChannelSeries } from './channel-windows.ts';
import { gpuKey, type DialectReader } from './dialect-reader.ts';
import { sufficiency } from '../../analysis/thresholds.ts';
import { twiceHint } from './fresh-verdicts.ts';
import { gpuWindow, type GpuWindow, type WindowBounds, type WindowFault } from './gpu-window.ts';
import { tellIndexClaims } from './index-claims.ts';
import type { KnownGpu, KnownGpus } from './known-gpus.ts';
import { placeText, type NodeMapping } from './node-mapping.ts';
import type { ProblemBook } from './problem-book.ts';

/** Everything that one read brought, before it becomes the picture of the fleet. */
export interface FleetParts {
  /** Preferred first. */
  readonly readers: readonly DialectReader[];
  readonly verdicts: ReadonlyMap<string, PublishedVerdict>;
  /** What nodes say of GPU instances, by gpuKey. */
  readonly instances: ReadonlyMap<string, readonly InstanceObservation[]>;
  readonly mapping: NodeMapping;
  readonly known: KnownGpus;
  /** By gpuKey. */
  readonly windowSeconds: (gpu: string) => number;
  readonly untilMs: number;
  /** Server's clock minus ours, ms. */
  readonly skewMs: number;
  /** Called now and then so that a large fleet does not hold up the process. */
  readonly pause: () => Promise<void>;
}

export interface Fleet {
  readonly nodes: FleetUsage['nodes'];
  /** Interval of scrapes as seen, by gpuKey, ms. */
  readonly spacingsMs: ReadonlyMap<string, number>;
  /** For ProblemBook.count. */
  readonly remarks: readonly Parameters<ProblemBook['count']>[];
}

const gpusBetweenPauses = 100;

const faultHints: Readonly<Record<WindowFault, string>> = {
  no_utilisation:
    'The GPU has no series of utilisation, nor of power in its stead, in the window: look at the exporter; of a GPU in MIG mode each instance needs one (DCGM_FI_PROF_GR_ENGINE_ACTIVE).',
  stale: 'The exporter or its scrapes stopped: look at its target in Prometheus.',
  low_coverage:
    'More than a fifth of the samples is missing: lost scrapes, or Prometheus was away.',
};

type RemarkBook = Pick<ProblemBook, 'count'>;

/** Builds the observations of all GPUs that are or were there. */
export async function buildFleet(parts: FleetParts): Promise<Fleet> {
  const { readers, mapping, known } = parts;
  const remarks: Parameters<ProblemBook['count']>[] = [];
  const book: RemarkBook = { count: (...remark) => remarks.push(remark) };
  const series = readers.map((reader) => reader.seriesByGpu(mapping));
  const nodes = new Map<string, NodeUsage>();
  const spacingsMs = new Map<string, number>();
  let sincePause = 0;
  for (const node of known.nodes()) {
    const gpus: GpuObservation[] = [];
    const knownHere = known.of(node);
    tellIndexClaims(knownHere, book);
    for (const gpu of knownHere) {
      const key = gpuKey(node, gpu.uuid);
      const verdict = parts.verdicts.get(key) ?? null;
      const window =
        verdict === null
          ? bestWindow(
              gpu,
              series.map((byGpu) => byGpu.get(key) ?? []),
              parts,
            )
          : null;
      if (window !== null) {
        if (Number.isFinite(window.spacingMs)) spacingsMs.set(key, window.spacingMs);
        tellFaults(gpu, window, book);
      }
      gpus.push(observation(gpu, verdict, window, parts));
      sincePause += 1;
      if (sincePause % gpusBetweenPauses === 0) await parts.pause();
    }
    nodes.set(node, { node, gpus });
  }
  return { nodes, spacingsMs, remarks };
}

/** The window of the first dialect that has one to analyse; else of the first that has anything. */
function bestWindow(
  gpu: KnownGpu,
  series: readonly (readonly ChannelSeries[])[],
  { readers, windowSeconds, untilMs }: FleetParts,
): GpuWindow | null {
  const fromMs = untilMs - windowSeconds(gpuKey(gpu.node, gpu.uuid)) * 1_000;
  const bounds: WindowBounds = { fromMs, untilMs };
  let best: GpuWindow | null = null;
  for (const [at, reader] of readers.entries()) {
    const own = series[at] ?? [];
    if (own.length === 0) continue;
    const window = gpuWindow(own, bounds, reader.facts(gpu.node, gpu.uuid));
    if (window.usage !== null) return window;
    if (best === null || (window.newestMs ?? 0) > (best.newestMs ?? 0)) best = window;
  }
  return best;
}

function observation(
  gpu: KnownGpu,
  verdict: PublishedVerdict | null,
  window: GpuWindow | null,
  { readers, known, skewMs, instances }: FleetParts,
): GpuObservation {
  const serverMs = verdict === null ? (window?.newestMs ?? null) : verdict.asOfSeconds * 1_000;
  const lastSampleMs = serverMs === null ? null : serverMs - skewMs;
  known.see({ ...gpu, lastSampleMs });
  const facts = readers.map((reader) => reader.facts(gpu.node, gpu.uuid));
  const first = <Name extends keyof (typeof facts)[number]>(
    name: Name,
  ): (typeof facts)[number][Name] | null => facts.find((one) => one[name] !== null)?.[name] ?? null;
  return {
    index: gpu.index,
    uuid: gpu.uuid,
    model: first('model'),
    driverVersion: first('driverVersion'),
    memoryTotalMiB: first('memoryTotalMiB'),
    pcieGenerationMax: first('pcieGenerationMax'),
    pcieWidthMax: first('pcieWidthMax'),
    simulated: facts.some(({ simulated }) => simulated),
    nodeVerdict: verdict,
    usage: window?.usage ?? null,
    lastSampleMs: known.find(gpu.node, gpu.uuid)?.lastSampleMs ?? null,
    ...(window === null || Number.isNaN(window.spacingMs)
      ? {}
      : { sampleIntervalMs: window.spacingMs }),
    ...instancesOf(verdict === null ? window : null, instances.get(gpuKey(gpu.node, gpu.uuid))),
  };
}

/** From series where the GPU is analysed from series, else as its node says. */
function instancesOf(
  window: GpuWindow | null,
  told: readonly InstanceObservation[] = [],
): Pick<GpuObservation, 'instances'> {
  const instances = window?.instances.map((one) => ({ ...one, nodeVerdict: null })) ?? told;
  return instances.length === 0 ? {} : { instances };
}

function tellFaults(gpu: KnownGpu, window: GpuWindow, problems: RemarkBook): void {
  const name = `GPU ${gpu.index} (${gpu.uuid}) of ${gpu.node}`;
  if (window.usage !== null && window.sampleCount < sufficiency.minSamples) {
    tellTooFew(name, window, problems);
  }
  if (window.fault !== null) problems.count(window.fault, name, faultHints[window.fault]);
  if (window.ambiguousChannels > 0) problems.count('ambiguous_series', name, twiceHint);
}

/** Windows grow with the interval, so this is a GPU that is new to Prometheus, or one scraped too rarely for any window. */
function tellTooFew(name: string, window: GpuWindow, problems: RemarkBook): void {
  const { minSamples } = sufficiency;
  const seconds = Math.round(window.spacingMs / 1_000);
  const pace = Number.isNaN(window.spacingMs) ? '' : `, one every ${seconds} s`;
  problems.count(
    'not_enough_samples',
    `${name}: ${window.sampleCount} samples${pace}; a verdict needs ${minSamples}`,
    `Of a GPU that is new they come by themselves, ${minSamples} of them in as many scrapes. Otherwise Prometheus keeps too little or scrapes too rarely: set scrape_interval of its job to 15 s, or run the collector on the node, which samples itself.`,
  );
}

/** Series of targets that belong to no known node, by what their labels say. */
export function unmatchedSeries(
  readers: readonly DialectReader[],
  mapping: NodeMapping,
  nodeLabels: readonly string[],
): FleetUsage['unmatched'] {
  const counts = new Map<string, number>();
  for (const { entries } of readers) {
    for (const { place, seriesCount } of entries) {
      if (mapping.find(place) !== null) continue;
      const labels = placeText(place, nodeLabels);
      counts.set(labels, (counts.get(labels) ?? 0) + seriesCount);
    }
  }
  return [...counts].map(([labels, seriesCount]) => ({ labels, seriesCount }));
}
