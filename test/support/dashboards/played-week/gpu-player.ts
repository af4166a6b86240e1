import type { GpuHolder } from '../../../../src/attribution/gpu-holders.ts';
import type { JobType, Pattern, PublishedVerdict } from '../../../../src/analysis/verdict.ts';
import { createNormal, createRandom } from '../../../../src/lib/random.ts';
import type { GpuSnapshot } from '../../../../src/sampling/snapshot.ts';
import type { Activity, PlayedGpu, Stretch } from './schedule.ts';

/** What the collector would say of the GPU at one moment. */
export interface PlayedMoment {
  readonly gpu: GpuSnapshot;
  /** Null: the GPU is lost. */
  readonly verdict: PublishedVerdict | null;
  readonly holder: GpuHolder | null;
}

interface Look {
  readonly pattern: Pattern;
  readonly jobType: JobType;
  /** Mean utilisation, percent; `spread` is its standard deviation from minute to minute. */
  readonly utilPercent: number;
  readonly spread: number;
  readonly memoryShare: number;
  /** Of the range between idle and the limit. */
  readonly powerShare: number;
}

const looks: Readonly<Record<Exclude<Activity, 'lost'>, Look>> = {
  free: {
    pattern: 'idle',
    jobType: 'Empty',
    utilPercent: 0,
    spread: 0,
    memoryShare: 0.005,
    powerShare: 0,
  },
  training: {
    pattern: 'cyclic',
    jobType: 'DLT',
    utilPercent: 82,
    spread: 4,
    memoryShare: 0.72,
    powerShare: 0.8,
  },
  serving: {
    pattern: 'bursty',
    jobType: 'Others',
    utilPercent: 34,
    spread: 6,
    memoryShare: 0.55,
    powerShare: 0.35,
  },
  batch: {
    pattern: 'steady',
    jobType: 'Others',
    utilPercent: 96,
    spread: 2,
    memoryShare: 0.4,
    powerShare: 0.85,
  },
  notebook: {
    pattern: 'alloc-idle',
    jobType: 'Empty',
    utilPercent: 0,
    spread: 0,
    memoryShare: 0.3,
    powerShare: 0.03,
  },
  stuck: {
    pattern: 'steady',
    jobType: 'Others',
    utilPercent: 100,
    spread: 0,
    memoryShare: 0.72,
    powerShare: 0.05,
  },
};
/** A notebook computes for this share of its ten-minute stretches. */
const notebookBusyShare = 0.08;
const idlePowerShare = 0.14;

/** Plays one GPU; moments are asked for in the order of time, so that its counters only grow. */
export class GpuPlayer {
  readonly #gpu: PlayedGpu;
  readonly #random: () => number;
  readonly #normal: () => number;
  #stretch = 0;
  #busySeconds = 0;
  #energyJoules = 0;
  #temperature = 34;
  #lastSeconds: number | null = null;

  constructor(gpu: PlayedGpu) {
    this.#gpu = gpu;
    this.#random = createRandom(gpu.seed);
    this.#normal = createNormal(createRandom(gpu.seed + 7));
  }

  moment(timeSeconds: number): PlayedMoment {
    const { device, stretches } = this.#gpu;
    while ((stretches[this.#stretch]?.toSeconds ?? Infinity) <= timeSeconds) this.#stretch += 1;
    const stretch = stretches[Math.min(this.#stretch, stretches.length - 1)] as Stretch;
    const { activity, holder, fromSeconds } = stretch;
    if (activity === 'lost') return { gpu: this.#lost(timeSeconds), verdict: null, holder };
    const shown = this.#look(activity, timeSeconds - fromSeconds, timeSeconds);
    const util = clamp(shown.utilPercent + shown.spread * this.#normal(), 0, 100);
    const limitWatts = device.powerLimitWatts ?? 300;
    const share = idlePowerShare + (1 - idlePowerShare) * shown.powerShare;
    const powerWatts = limitWatts * clamp(share + 0.01 * this.#normal(), 0.05, 1);
    const elapsed = this.#lastSeconds === null ? 0 : timeSeconds - this.#lastSeconds;
    this.#lastSeconds = timeSeconds;
    this.#busySeconds += (util / 100) * elapsed;
    this.#energyJoules += powerWatts * elapsed;
    // Warms up and cools down over some minutes; the last GPUs of a chassis run hotter.
    const aim = 32 + 42 * (powerWatts / limitWatts) + device.index * 1.3;
    this.#temperature += (aim - this.#temperature) * Math.min(1, elapsed / 400);
    const totalBytes = device.memoryTotalBytes ?? 0;
    const usedBytes = Math.round(totalBytes * shown.memoryShare);
    const window = (meanPercent: number, maxPercent: number) => ({
      windowSeconds: 30,
      sampleCount: 180,
      meanPercent,
      maxPercent,
    });
    const gpu: GpuSnapshot = {
      device,
      status: { up: true },
      readings: {
        utilPercent: Math.round(util),
        memCopyPercent: Math.round(util * 0.45),
        memoryUsedBytes: usedBytes,
        memoryFreeBytes: totalBytes - usedBytes,
        memoryTotalBytes: totalBytes,
        powerWatts,
        powerLimitWatts: limitWatts,
        energyJoules: this.#energyJoules,
        temperatureCelsius: Math.round(this.#temperature),
        memoryTemperatureCelsius: Math.round(this.#temperature + 7),
        smClockHertz: (util > 1 ? 1_700 - 4 * this.#temperature : 345) * 1e6,
        pcieGeneration: util > 1 ? 4 : 1,
        pcieWidth: 16,
        pcieReplayCount: 0,
        processCount: activity === 'free' ? 0 : 1,
      },
      missing: { fanPercent: 'not_supported' },
      processes: [],
      attribution: [],
      lastReadMs: timeSeconds * 1_000,
      utilWindow: window(util, Math.min(100, util * 1.15)),
      memCopyWindow: window(util * 0.45, util * 0.6),
      busySecondsTotal: this.#busySeconds,
    };
    return { gpu, verdict: verdictOf(shown, stretch, gpu, timeSeconds), holder };
  }

  #look(activity: Exclude<Activity, 'lost'>, ageSeconds: number, timeSeconds: number): Look {
    const usual = looks[activity];
    if (activity === 'serving') {
      // Requests follow the day: fewest at four in the morning, most twelve hours later (UTC).
      const day = (1 - Math.cos((2 * Math.PI * (timeSeconds / 3_600 - 4)) / 24)) / 2;
      return { ...usual, utilPercent: 8 + 45 * day, powerShare: 0.1 + 0.4 * day };
    }
    // Its owner comes back now and then, for ten minutes.
    const isBusy =
      createRandom(this.#gpu.seed + Math.floor(timeSeconds / 600))() < notebookBusyShare;
    if (activity === 'notebook' && isBusy && ageSeconds > 600) {
      return {
        pattern: 'bursty',
        jobType: 'Others',
        utilPercent: 45,
        spread: 15,
        memoryShare: usual.memoryShare,
        powerShare: 0.4,
      };
    }
    // A checkpoint now and then.
    if (activity === 'training' && this.#random() < 0.04) {
      return { ...usual, utilPercent: 40, powerShare: 0.35 };
    }
    return usual;
  }

  #lost(timeSeconds: number): GpuSnapshot {
    return {
      device: this.#gpu.device,
      status: { up: false, reason: 'gpu_lost', detail: 'it fell off the bus' },
      readings: {},
      missing: {},
      processes: [],
      attribution: [],
      lastReadMs: timeSeconds * 1_000,
      utilWindow: null,
      memCopyWindow: null,
      busySecondsTotal: null,
    };
  }
}

function verdictOf(
  shown: Look,
  { activity, fromSeconds }: Stretch,
  { readings }: GpuSnapshot,
  timeSeconds: number,
): PublishedVerdict {
  const usedMiB = (readings.memoryUsedBytes ?? 0) / 2 ** 20;
  return {
    pattern: shown.pattern,
    tentative: false,
    cycle:
      shown.pattern !== 'cyclic'
        ? null
        : {
            periodSeconds: 13.4,
            publishable: true,
            periodMarginSeconds: 0.2,
            slowerPeriodSeconds: null,
            cycles: 9,
            dutyRatio: 0.82,
            channel: 'util',
            pValue: 1e-4,
          },
    confidence: 0.94,
    windowSeconds: 120,
    sampleCount: 720,
    asOfSeconds: timeSeconds,
    memCopyMaxPercent: shown.utilPercent * 0.6,
    memUsedMaxMiB: usedMiB,
    utilMeanPercent: shown.utilPercent,
    nextMemUsedMaxMiB: usedMiB * 1.03,
    nextUtilMeanPercent: shown.utilPercent,
    stall: activity === 'stuck',
    jobType: shown.jobType,
    sinceSeconds: fromSeconds,
    watchedSinceSeconds: fromSeconds,
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
