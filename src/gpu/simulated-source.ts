import type { Clock } from '../lib/clock.ts';
import { systemClock } from '../lib/clock.ts';
import { UsageError } from '../lib/errors.ts';
import { createSimulatedGpu, profile } from './simulated/hardware.ts';
import type { SimulatedGpu } from './simulated/hardware.ts';
import { workloadNames } from './simulated/workload.ts';
import type { Workload, WorkloadName } from './simulated/workload.ts';
import { createWorkload } from './simulated/workloads.ts';
import type { GpuDevice, GpuSource, GpuUpdate, ReadTier } from './source.ts';

export type { WorkloadTruth } from './simulated/workload.ts';

/** The known workloads, in the order in which they are given to GPUs when none are named. */
export const simulatedWorkloads = workloadNames;

export interface SimulatedSourceOptions {
  /** Default 4. */
  readonly gpus?: number | undefined;
  /** Names in the order of the GPUs, repeated from the start when there are more GPUs; empty or absent: `simulatedWorkloads`. */
  readonly workloads?: readonly string[] | undefined;
  /** Default 1. The same seed gives the same GPUs: every value is a function of seed, GPU and time since the first open. */
  readonly seed?: number | undefined;
  readonly clock?: Clock | undefined;
}

interface Card {
  readonly device: GpuDevice;
  readonly gpu: SimulatedGpu;
}

const mib = 2 ** 20;
const mhz = 1e6;
/** Above the largest process id of Linux (2^22), so that a simulated process is never taken for a real one. */
const firstPid = 5_000_000;
const cadence = {
  usage: { meanMs: 200, randomised: true },
  memory: { meanMs: 1_000, randomised: true },
  slow: { meanMs: 5_000, randomised: true },
} as const;

/**
 * GPUs that do not exist, with named workloads whose right analysis is known (`simulatedPlan`).
 * Models are called `Simulated …`.
 * @throws {UsageError} for an unknown workload or a number of GPUs outside 1-256.
 */
export function createSimulatedSource(options: SimulatedSourceOptions = {}): GpuSource {
  const clock = options.clock ?? systemClock;
  const seed = options.seed ?? 1;
  const cards = simulatedPlan(options).map((workload, index) => createCard(workload, seed, index));
  let startedMs: number | undefined;
  return {
    kind: 'simulated',
    simulated: true,
    hung: false,
    longestCallMs: { open: 1_000, read: 1_000 },
    open: () => {
      startedMs ??= clock.monotonicMs();
      return Promise.resolve(cards.map((card) => card.device));
    },
    cadence: () => cadence,
    read: (tier) => {
      const seconds = (clock.monotonicMs() - (startedMs ?? clock.monotonicMs())) / 1000;
      const updates = cards.map((card) => readCard(card, tier, seconds, clock.now()));
      return Promise.resolve({ updates });
    },
    close: () => Promise.resolve(),
  };
}

/**
 * The workload of each GPU, by index; `truthAt` of each says what a right analysis finds.
 * @throws {UsageError} for an unknown name or a number of GPUs outside 1-256.
 */
export function simulatedPlan(options: SimulatedSourceOptions): readonly Workload[] {
  const count = options.gpus ?? 4;
  const seed = options.seed ?? 1;
  if (!Number.isInteger(count) || count < 1 || count > 256) {
    throw new UsageError(`cannot simulate ${count} GPUs`, {
      hint: 'Give --simulated.gpus a whole number from 1 to 256.',
    });
  }
  const names = options.workloads?.length ? options.workloads : workloadNames;
  return Array.from({ length: count }, (_, gpu) => {
    const name = names[gpu % names.length] ?? '';
    if (!isWorkloadName(name)) {
      throw new UsageError(`"${name}" is not a simulated workload`, {
        hint: `Choose from ${workloadNames.join(', ')} (--simulated.workloads).`,
      });
    }
    return createWorkload(name, { seed, gpu });
  });
}

function isWorkloadName(name: string): name is WorkloadName {
  return (workloadNames as readonly string[]).includes(name);
}

function createCard(workload: Workload, seed: number, index: number): Card {
  return {
    gpu: createSimulatedGpu(workload, seed, index),
    device: {
      index,
      uuid: `GPU-simulated-${(seed >>> 0).toString(16).padStart(8, '0')}-${index}`,
      model: `${profile.model} (${workload.name})`,
      minorNumber: index,
      driverVersion: 'simulated',
      memoryTotalBytes: profile.memoryTotalMiB * mib,
      pcieGenerationMax: 5,
      pcieWidthMax: 16,
      powerLimitWatts: profile.powerLimitWatts,
      migEnabled: false,
    },
  };
}

function readCard(card: Card, tier: ReadTier, seconds: number, timeMs: number): GpuUpdate {
  const update = { uuid: card.device.uuid, status: { up: true } } as const;
  if (tier === 'usage') return { ...update, ...usageOf(card.gpu, seconds, timeMs) };
  if (tier === 'memory') return { ...update, ...memoryOf(card.gpu, seconds, timeMs) };
  return { ...update, ...slowOf(card, seconds) };
}

function usageOf(gpu: SimulatedGpu, seconds: number, timeMs: number): Partial<GpuUpdate> {
  const utilPercent = gpu.utilPercentAt(seconds);
  const memCopyPercent = gpu.memCopyPercentAt(seconds);
  const powerWatts = gpu.powerWattsAt(seconds);
  const timesMs = [timeMs];
  return {
    readings: { utilPercent, memCopyPercent, powerWatts },
    samples: {
      util: { timesMs, values: [utilPercent] },
      memCopy: { timesMs, values: [memCopyPercent] },
      power: { timesMs, values: [powerWatts] },
    },
  };
}

function memoryOf(gpu: SimulatedGpu, seconds: number, timeMs: number): Partial<GpuUpdate> {
  const usedMiB = gpu.memoryUsedMiBAt(seconds);
  return {
    readings: {
      memoryUsedBytes: usedMiB * mib,
      memoryFreeBytes: (profile.memoryTotalMiB - profile.memoryReservedMiB - usedMiB) * mib,
      memoryReservedBytes: profile.memoryReservedMiB * mib,
      memoryTotalBytes: profile.memoryTotalMiB * mib,
    },
    samples: { memUsed: { timesMs: [timeMs], values: [usedMiB] } },
  };
}

function slowOf({ gpu, device }: Card, seconds: number): Partial<GpuUpdate> {
  const { process } = gpu.activityAt(seconds);
  const temperatureCelsius = gpu.temperatureCelsiusAt(seconds);
  const smClockHertz = gpu.smClockMhzAt(seconds) * mhz;
  return {
    readings: {
      temperatureCelsius,
      memoryTemperatureCelsius: temperatureCelsius + 6,
      smClockHertz,
      graphicsClockHertz: smClockHertz,
      memoryClockHertz: profile.memoryClockMhz * mhz,
      energyJoules: gpu.energyJoulesAt(seconds),
      powerLimitWatts: profile.powerLimitWatts,
      performanceState: 0,
      pcieGeneration: 5,
      pcieWidth: 16,
      pcieReplayCount: 0,
      encoderPercent: 0,
      decoderPercent: 0,
      processCount: process === null ? 0 : 1,
    },
    missing: { fanPercent: 'not_supported', videoClockHertz: 'not_supported' },
    processes:
      process === null
        ? []
        : [
            {
              pid: firstPid + device.index,
              kind: 'compute',
              name: process,
              usedMemoryBytes: gpu.memoryUsedMiBAt(seconds) * mib,
            },
          ],
  };
}
