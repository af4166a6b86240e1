import type { PublishedVerdict } from '../../../src/analysis/verdict.ts';
import type { ExpositionOptions } from '../../../src/exposition/exposition.ts';
import { allFamilies } from '../../../src/exposition/family-filter.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { silentLogger } from '../../../src/lib/logger.ts';
import type { Snapshot } from '../../../src/sampling/snapshot.ts';

/** What is shown; may be changed between renderings. */
export interface Given {
  snapshot: Snapshot;
  verdicts?: ReadonlyMap<string, PublishedVerdict>;
}

/** Of an exposition on `node-1` with figures of its own that never change. */
export function optionsOf(
  given: Given,
  dialects: ExpositionOptions['dialects'] = ['native'],
  filter = allFamilies,
  clock = systemClock,
): ExpositionOptions {
  return {
    node: 'node-1',
    dialects,
    filter,
    clock,
    log: silentLogger,
    observe: () => ({
      snapshot: given.snapshot,
      verdicts: given.verdicts ?? new Map(),
      holders: new Map(),
    }),
    observeSelf: () => ({
      snapshot: given.snapshot,
      timeMs: 1_700_000_001_000,
      version: '1.2.3',
      nodejsVersion: 'v24',
      windowMs: 30_000,
      process: {
        residentBytes: 1,
        heapUsedBytes: 2,
        heapTotalBytes: 3,
        externalBytes: 4,
        cpuSeconds: 1,
        startTimeMs: 1_000,
        openFileDescriptors: 5,
        maxFileDescriptors: null,
        eventLoopDelayMaxMs: 0,
      },
      analysis: null,
      podResources: { up: false, reason: 'off', ageMs: null },
      unmappedDevices: null,
    }),
  };
}
