import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UsageSeries } from '../../../src/analysis/verdict.ts';
import {
  createDice,
  evenly,
  nullFamilies,
  periodicSeries,
  shapes,
} from '../../../test/support/synthetic-series.ts';
import { seedOf } from '../synthetic/seed.ts';
import type { Label } from '../traces/labels.ts';
import { cut, parseSeries, pointSample, toTrace } from '../traces/trace.ts';
import { piecesOf120, type FleetPool } from './fleet-cost.ts';

const samples = 120;
const synthetic = 400;

/** Idle, steady at two noises, and all shapes of cycles at several periods, 1 s. */
export function syntheticPool(seed: number): FleetPool {
  const quietFamilies = ['constant, quantisation flicker', 'busy constant, sd 2'] as const;
  const names = Object.keys(shapes);
  return {
    quiet: Array.from({ length: synthetic }, (_, i) => {
      if (i % 2 === 0) return evenly(new Float64Array(samples), 1);
      const family = nullFamilies[quietFamilies[(i >> 1) % 2]!]!;
      return evenly(family(samples, createDice(seedOf(seed, 'quiet', i))), 1);
    }),
    cyclic: Array.from({ length: synthetic }, (_, i) => {
      const dice = createDice(seedOf(seed, 'cyclic', i));
      const periodSeconds = 6 + 22 * dice.uniform();
      const shape = names[i % names.length]!;
      return periodicSeries({ shape, samples, stepSeconds: 1, periodSeconds }, dice);
    }),
  };
}

/** The recorded segments point-sampled at 1 and 15 s, in pieces of 120 samples. */
export function tracePool(folder: string, labels: readonly Label[]): FleetPool {
  const quiet: UsageSeries[] = [];
  const cyclic: UsageSeries[] = [];
  for (const label of labels) {
    const trace = toTrace(label, readSeries(join(folder, label.file)));
    for (const { pattern, fromSeconds, toSeconds } of trace?.segments ?? []) {
      const pool = pattern === 'cyclic' ? cyclic : quiet;
      if (!['idle', 'alloc-idle', 'steady', 'cyclic'].includes(pattern)) continue;
      for (const seconds of [1, 15]) {
        const { util } = pointSample(cut(trace!, fromSeconds, toSeconds), seconds).channels;
        if (util !== undefined) pool.push(...piecesOf120(util));
      }
    }
  }
  return { quiet, cyclic };
}

function readSeries(path: string): ReturnType<typeof parseSeries> {
  try {
    return parseSeries(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}
