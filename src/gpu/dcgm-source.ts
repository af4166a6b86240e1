import type { Clock } from '../lib/clock.ts';
import { systemClock } from '../lib/clock.ts';
import { parseExposition } from './dcgm/exposition-text.ts';
import { fetchText } from './dcgm/fetch-text.ts';
import { createFreshness, refreshMs } from './dcgm/freshness.ts';
import { gpusOf } from './dcgm/gpus.ts';
import type { DcgmGpu } from './dcgm/gpus.ts';
import { namesDcgmFamilies } from './dcgm/spelling.ts';
import { samplesOf } from './point-samples.ts';
import { SourceError } from './source.ts';
import type { GpuDevice, GpuSource, GpuUpdate, SourceRead } from './source.ts';

export interface DcgmSourceOptions {
  /** Metrics page of a dcgm-exporter on this node, such as http://127.0.0.1:9400/metrics. */
  readonly url: string;
  /** Mean time between reads. Default 5 s. */
  readonly intervalMs?: number | undefined;
  /** Default 5 s. */
  readonly timeoutMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

interface KnownGpu {
  readonly device: GpuDevice;
  readonly freshness: ReturnType<typeof createFreshness>;
}

/** dcgm-exporter answers a page without values, with status 200, for some seconds while it starts or reloads. */
const emptyToleratedMs = 20_000;
const valuesWithinMs = 2_000;

/**
 * Reads the GPUs of this node from a dcgm-exporter that already runs there, with the pods to which it attributes them.
 * A sample is taken only when the exporter has new values (see dcgm/freshness), at its own rate: 30 s by default.
 */
export function createDcgmSource(options: DcgmSourceOptions): GpuSource {
  const clock = options.clock ?? systemClock;
  const timeoutMs = options.timeoutMs ?? 5_000;
  const known = new Map<string, KnownGpu>();
  let lastFullMs = Number.NEGATIVE_INFINITY;

  const fetchGpus = async (signal: AbortSignal): Promise<DcgmGpu[]> => {
    const text = await fetchText({
      url: options.url,
      timeoutMs,
      signal,
    });
    const gpus = gpusOf(parseExposition(text));
    if (gpus.length === 0) throw noGpus(options.url, text);
    return gpus;
  };

  const learn = (gpus: readonly DcgmGpu[]): boolean => {
    let changed = false;
    for (const { device: seen } of gpus) {
      const before = known.get(seen.uuid);
      const device = withSettledMemory(seen, before?.device);
      if (before && JSON.stringify(before.device) === JSON.stringify(device)) continue;
      known.set(device.uuid, { device, freshness: before?.freshness ?? createFreshness() });
      changed = true;
    }
    lastFullMs = clock.monotonicMs();
    return changed;
  };

  const devices = (): GpuDevice[] =>
    [...known.values()].map(({ device }) => device).sort((a, b) => a.index - b.index);

  const updateOf = (gpu: DcgmGpu): GpuUpdate => {
    const { uuid } = gpu.device;
    const freshness = known.get(uuid)?.freshness(gpu, clock.monotonicMs());
    if (freshness === 'stale') {
      const detail = 'dcgm-exporter shows the same energy counter for ten minutes';
      return { uuid, status: { up: false, reason: 'stale', detail } };
    }
    const update = { uuid, status: { up: true }, attribution: gpu.attribution } as const;
    if (freshness === 'repeated') return update;
    const timeMs = gpu.timestampMs ?? clock.now();
    return {
      ...update,
      readings: gpu.readings,
      missing: gpu.missing,
      samples: samplesOf(gpu.readings, timeMs),
      instances: gpu.instances.map(({ device: { gpuInstanceId }, readings, missing }) => ({
        gpuInstanceId,
        readings,
        missing,
        samples: samplesOf(readings, timeMs),
      })),
    };
  };

  return {
    kind: 'dcgm',
    simulated: false,
    hung: false,
    longestCallMs: { open: timeoutMs, read: timeoutMs },
    open: async (signal) => {
      known.clear();
      learn(await fetchGpus(signal));
      return devices();
    },
    cadence: () => ({
      usage: {
        meanMs: options.intervalMs ?? 5_000,
        randomised: true,
        sampleSpacingMs: 1.5 * refreshMs,
      },
      memory: null,
      slow: null,
    }),
    read: async (_tier, signal): Promise<SourceRead> => {
      let gpus: DcgmGpu[];
      try {
        gpus = await fetchGpus(signal);
      } catch (error) {
        const reloading = error instanceof EmptyPage && known.size > 0;
        if (reloading && clock.monotonicMs() - lastFullMs < emptyToleratedMs) {
          return { updates: [] };
        }
        throw error;
      }
      const changed = learn(gpus);
      const updates = gpus.map(updateOf);
      const present = new Set(gpus.map(({ device }) => device.uuid));
      for (const uuid of known.keys()) {
        if (present.has(uuid)) continue;
        const detail = 'dcgm-exporter no longer lists this GPU';
        updates.push({ uuid, status: { up: false, reason: 'not_found', detail } });
      }
      return changed ? { updates, devices: devices() } : { updates };
    },
    close: () => Promise.resolve(),
  };
}

/** Totals are sums of parts in whole MiB, which move by one or two: that is no new fact. */
function withSettledMemory(seen: GpuDevice, before: GpuDevice | undefined): GpuDevice {
  if (before === undefined) return seen;
  const { migDevices } = seen;
  return {
    ...settled(seen, before),
    ...(migDevices !== undefined && {
      migDevices: migDevices.map((part) =>
        settled(
          part,
          before.migDevices?.find(
            ({ gpuInstanceId, profile }) =>
              gpuInstanceId === part.gpuInstanceId && profile === part.profile,
          ),
        ),
      ),
    }),
  };
}

function settled<Device extends Pick<GpuDevice, 'memoryTotalBytes'>>(
  seen: Device,
  before: Pick<GpuDevice, 'memoryTotalBytes'> | undefined,
): Device {
  const [now, then] = [seen.memoryTotalBytes, before?.memoryTotalBytes];
  if (now === undefined || then === undefined || Math.abs(now - then) > 4 * 2 ** 20) return seen;
  return { ...seen, memoryTotalBytes: then };
}

class EmptyPage extends SourceError {}

function noGpus(url: string, text: string): SourceError {
  if (text.trim() === '') {
    return new EmptyPage('no_gpu', `${url} is empty`, {
      hint: 'dcgm-exporter is starting, reloading, or sees no GPU: see its log.',
      retryWithinMs: valuesWithinMs,
    });
  }
  if (namesDcgmFamilies(text)) {
    return new EmptyPage('no_values', `${url} has no values yet, only names of families`, {
      hint: 'dcgm-exporter has not read the GPUs yet; if it stays so, see its log.',
      retryWithinMs: valuesWithinMs,
    });
  }
  return new SourceError('bad_output', `${url} names no GPU in the way of dcgm-exporter`, {
    hint: 'Check that --dcgm.url names the metrics of dcgm-exporter (DCGM_FI_DEV_… with the label gpu).',
  });
}
