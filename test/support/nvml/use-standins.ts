import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import koffi from 'koffi';
import { afterAll, afterEach, beforeAll } from 'vitest';

import { createNvmlSource } from '../../../src/gpu/nvml-source.ts';
import type { NvmlSourceOptions } from '../../../src/gpu/nvml-source.ts';
import type { GpuSource, GpuUpdate, ReadTier } from '../../../src/gpu/source.ts';
import type { StandinScript } from './script.ts';
import { buildStandin, placeStandin } from './standin.ts';
import type { PlacedStandin, StandinBuild } from './standin.ts';

export interface StandinTest {
  readonly source: GpuSource;
  readonly standin: PlacedStandin;
  /** How often the library's function was called, `*` for all. */
  readonly calls: (name: string) => number;
}

export interface Standins {
  /** A folder for the tests of the file, removed at their end. */
  readonly folder: string;
  /** A stand-in of its own and a source that reads it; nothing is open yet. Sources are closed after each test. */
  setUp(
    script: StandinScript,
    options?: NvmlSourceOptions,
    build?: StandinBuild,
  ): Promise<StandinTest>;
}

/** For the top of a test file: builds the stand-in before its tests and cleans up after them. */
export function useStandins(): Standins {
  const folder = mkdtempSync(join(tmpdir(), 'nvml-standin-'));
  const sources: GpuSource[] = [];
  let placed = 0;
  beforeAll(async () => {
    await buildStandin();
  });
  afterEach(async () => {
    for (const source of sources.splice(0)) await source.close();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    setUp: async (script, options = {}, build = {}) => {
      placed += 1;
      const standin = await placeStandin(join(folder, String(placed)), script, build);
      const source = createNvmlSource({ library: standin.library, ...options });
      sources.push(source);
      const library = koffi.load(standin.library);
      const count = library.func('nvmlStandinCallCount', 'uint64_t', ['str']);
      return { source, standin, calls: (name) => Number(count(name)) };
    },
  };
}

const signal = new AbortController().signal;

export async function readAll(source: GpuSource, tier: ReadTier): Promise<readonly GpuUpdate[]> {
  return (await source.read(tier, signal)).updates;
}

export async function readFirst(source: GpuSource, tier: ReadTier): Promise<GpuUpdate> {
  const [update] = await readAll(source, tier);
  if (update === undefined) throw new Error('no update about GPU 0');
  return update;
}

/** A changed script is followed from the first call on that comes 50 ms after the last look at it. */
export const untilScriptIsRead = (): Promise<void> => sleep(60);
