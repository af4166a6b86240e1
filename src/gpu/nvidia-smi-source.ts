import type { Clock } from '../lib/clock.ts';
import { systemClock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import { silentLogger } from '../lib/logger.ts';
import { createKnownGpus } from './nvidia-smi/known-gpus.ts';
import type { BrokenGpu } from './nvidia-smi/failure.ts';
import type { KnownGpus } from './nvidia-smi/known-gpus.ts';
import { createQuery, killGraceMs } from './nvidia-smi/query.ts';
import { nvidiaPciAddresses } from './pci-addresses.ts';
import type { PciPlaces } from './pci-addresses.ts';
import { SourceError } from './source.ts';
import { readSystemMemory } from './unified-memory.ts';
import type { GpuSource, GpuUpdate } from './source.ts';

export interface NvidiaSmiSourceOptions {
  /** A name found in PATH, or a file. Default `nvidia-smi`. */
  readonly command?: string | undefined;
  /** A run that takes longer is killed. Default 10 s. */
  readonly timeoutMs?: number | undefined;
  /** Where the system shows its processes and devices. Default /proc and /sys. */
  readonly procRoot?: string | undefined;
  readonly sysRoot?: string | undefined;
  readonly clock?: Clock | undefined;
  readonly log?: Logger | undefined;
}

const shortestMeanMs = 2_000;
const longestMeanMs = 60_000;
/** A run costs 10-400 ms of a core and takes the driver's lock: at most a fifth of the time is spent in it. */
const pausesPerRun = 5;
/** The XML, the CSV where that cannot be used, and single GPUs where neither gets past one that is broken. */
const runsPerCall = 3;

/**
 * Reads GPUs by running nvidia-smi, for nodes whose driver library cannot be loaded. Each run brings everything: there is one tier.
 * Samples are single points at randomised times (mean 2 s or more), as the driver's rings are not shown.
 */
export function createNvidiaSmiSource(options: NvidiaSmiSourceOptions = {}): GpuSource {
  const clock = options.clock ?? systemClock;
  const log = options.log ?? silentLogger;
  const places = { procRoot: options.procRoot ?? '/proc', sysRoot: options.sysRoot ?? '/sys' };
  const timeoutMs = options.timeoutMs ?? 10_000;
  const longestMs = runsPerCall * (timeoutMs + killGraceMs);
  const query = createQuery({
    command: options.command ?? 'nvidia-smi',
    timeoutMs,
    log,
    clock,
  });
  let known = createKnownGpus({ log });
  let runMs = 0;
  /** Some GPU shares the memory of the system. */
  let hasShared = false;

  const readAll = async (
    signal: AbortSignal,
  ): Promise<{ updates: GpuUpdate[]; changed: boolean }> => {
    const startedMs = clock.monotonicMs();
    const startedAtMs = clock.now();
    const result = await query.run(signal, (broken) => reachable(known, broken, places));
    const tookMs = clock.monotonicMs() - startedMs;
    runMs = runMs === 0 ? tookMs : 0.7 * runMs + 0.3 * tookMs;
    const isShared = result.records.some(({ device }) => device.memoryKind === 'unified');
    const systemMemory = isShared || hasShared ? await readSystemMemory(places.procRoot) : {};
    hasShared ||= isShared;
    const merged = known.merge(result, startedAtMs + tookMs / 2, systemMemory);
    if (merged.updates.length === 0) {
      throw new SourceError('no_gpu', 'nvidia-smi lists no GPU', {
        hint: 'Check that a GPU is installed and visible here (lspci, NVIDIA_VISIBLE_DEVICES).',
      });
    }
    return merged;
  };

  return {
    kind: 'nvidia-smi',
    simulated: false,
    // A command that does not end is killed and left behind: it never keeps this process from ending.
    hung: false,
    longestCallMs: { open: longestMs, read: longestMs },
    open: async (signal) => {
      known = createKnownGpus({ log });
      runMs = 0;
      await readAll(signal);
      return known.devices();
    },
    cadence: () => ({
      usage: {
        meanMs: Math.min(longestMeanMs, Math.max(shortestMeanMs, pausesPerRun * runMs)),
        randomised: true,
      },
      memory: null,
      slow: null,
    }),
    read: async (_tier, signal) => {
      const { updates, changed } = await readAll(signal);
      return changed ? { updates, devices: known.devices() } : { updates };
    },
    close: () => Promise.resolve(),
  };
}

/** What can be asked for by itself: the GPUs that were seen before; at the start those that the system shows. */
async function reachable(
  known: KnownGpus,
  broken: readonly BrokenGpu[],
  places: PciPlaces,
): Promise<readonly string[]> {
  const seen = known.reachable(broken);
  if (seen.length > 0) return seen;
  const there = await nvidiaPciAddresses(places);
  return there.filter((address) => !broken.some(({ pciBusId }) => pciBusId === address));
}
