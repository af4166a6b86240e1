import type { PublishedVerdict } from '../../../src/analysis/verdict.ts';
import type { GpuSnapshot, Snapshot } from '../../../src/sampling/snapshot.ts';

/** A GPU that is up and busy, with round numbers. */
export function sampleGpu(index: number, overrides: Partial<GpuSnapshot> = {}): GpuSnapshot {
  return {
    device: {
      index,
      uuid: `GPU-${index}`,
      model: 'NVIDIA H100',
      pciBusId: '00000000:04:00.0',
      minorNumber: 5,
      driverVersion: '590.48.01',
      memoryTotalBytes: 80 * 2 ** 30,
      pcieGenerationMax: 5,
    },
    status: { up: true },
    readings: {
      utilPercent: 41,
      memCopyPercent: 7,
      memoryUsedBytes: 3 * 2 ** 20,
      powerWatts: 312.5,
      energyJoules: 12.5,
      smClockHertz: 1_980_000_000,
      temperatureCelsius: 66,
    },
    missing: { fanPercent: 'not_supported' },
    processes: [],
    attribution: [],
    lastReadMs: 1_700_000_000_123,
    utilWindow: { windowSeconds: 30, sampleCount: 180, meanPercent: 100 / 3, maxPercent: 100 },
    memCopyWindow: null,
    busySecondsTotal: 0.1 + 0.2,
    ...overrides,
  };
}

export function sampleSnapshot(gpus: readonly GpuSnapshot[]): Snapshot {
  return {
    sequence: 1,
    timeMs: 1_700_000_001_000,
    source: {
      requested: 'auto',
      kind: 'nvml',
      simulated: false,
      up: true,
      reason: '',
      detail: '',
      driverVersion: '590.48.01',
      lastSuccessMs: 1_700_000_000_500,
      readsTotal: 5,
      readFailuresTotal: 0,
      lastReadDurationMs: 2,
    },
    gpus,
  };
}

export const cyclicVerdict: PublishedVerdict = {
  pattern: 'cyclic',
  tentative: false,
  cycle: {
    periodSeconds: 31.4,
    publishable: true,
    periodMarginSeconds: 0.6,
    slowerPeriodSeconds: 630,
    cycles: 6,
    dutyRatio: 0.8,
    channel: 'util',
    pValue: 0.001,
  },
  confidence: 0.93,
  windowSeconds: 188,
  sampleCount: 1_100,
  asOfSeconds: 1_700_000_000,
  memCopyMaxPercent: 60,
  memUsedMaxMiB: 40_000,
  utilMeanPercent: 78,
  nextMemUsedMaxMiB: 41_000,
  nextUtilMeanPercent: 77,
  stall: false,
  jobType: 'DLT',
  sinceSeconds: 1_699_999_000,
};
