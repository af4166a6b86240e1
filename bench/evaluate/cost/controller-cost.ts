import type { UsageSeries } from '../../../src/analysis/verdict.ts';
import { runCycle, type CycleOptions } from '../../../src/controller/cycle.ts';
import { createFleetMemory } from '../../../src/controller/gpu-memory.ts';
import type { GpuObservation, NodeUsage } from '../../../src/controller/usage-source.ts';
import type { NodeMetadata } from '../../../src/kubernetes/node-metadata.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { silentLogger } from '../../../src/lib/logger.ts';
import { atMost, valueRow, type Row } from '../rows/row.ts';
import { cpuMs } from './cpu-time.ts';
import { gpuObservation } from '../../../test/support/controller/gpu-observation.ts';
import type { FleetPool } from './fleet-cost.ts';

const nodeCount = 5_000;
const gpusPerNode = 8;
const fleet = nodeCount * gpusPerNode;

function observation(util: UsageSeries, index: number, nowMs: number): GpuObservation {
  const usage = { channels: { util }, sampling: 'scraped' } as const;
  return gpuObservation({ index, uuid: `GPU-${index}`, usage, lastSampleMs: nowMs });
}

/** Every tenth GPU cycles. */
function utilOf({ quiet, cyclic }: FleetPool, gpu: number): UsageSeries {
  const pool = gpu % 10 === 9 ? cyclic : quiet;
  return pool[Math.floor(gpu / 10) % pool.length]!;
}

function readAt(pool: FleetPool, names: readonly string[], nowMs: number): Map<string, NodeUsage> {
  return new Map(
    names.map((node, n) => [
      node,
      {
        node,
        gpus: Array.from({ length: gpusPerNode }, (_, i) =>
          observation(utilOf(pool, n * gpusPerNode + i), i, nowMs),
        ),
      },
    ]),
  );
}

/** The longest that the main thread works without a turn of the event loop, processor time: what else runs on the machine is not ours. */
class LongestTurn {
  milliseconds = 0;
  #since = process.threadCpuUsage();
  #isWatching = true;

  watch(): void {
    const { user, system } = process.threadCpuUsage(this.#since);
    this.#since = process.threadCpuUsage();
    this.milliseconds = Math.max(this.milliseconds, (user + system) / 1_000);
    if (this.#isWatching) setImmediate(() => this.watch());
  }

  stop(): void {
    this.#isWatching = false;
  }
}

/**
 * A round of the controller over a fleet whose GPUs it has to judge itself, a tenth of them cyclic: processor seconds of the first round and of one that knows what
 * the first said, and the longest time the event loop had to wait in either. Reading and writing are left out.
 */
export async function controllerCostRows(pool: FleetPool): Promise<Row[]> {
  const names = Array.from({ length: nodeCount }, (_, n) => `node-${n}`);
  const nodes = new Map<string, NodeMetadata>(
    names.map((name) => [name, { name, uid: name, resourceVersion: '1', annotations: {} }]),
  );
  const startMs = systemClock.now();
  let usage = readAt(pool, names, startMs);
  const source = {
    read: () =>
      Promise.resolve({
        timeMs: startMs,
        complete: true,
        problems: [],
        nodes: usage,
        unmatched: [],
      }),
  };
  const options: CycleOptions = {
    clock: systemClock,
    log: silentLogger,
    source,
    nodes: () => nodes,
    memory: createFleetMemory(startMs),
    queue: { put: () => undefined, drop: () => undefined, retain: () => undefined },
    ttlMs: 3_600_000,
    freshMs: 3_600_000,
    windowsSeconds: [120, 600],
    onPatternChanges: () => undefined,
    onCrowded: () => undefined,
  };
  const round = async (): Promise<{ seconds: number; longestMs: number }> => {
    const turn = new LongestTurn();
    turn.watch();
    const before = cpuMs();
    await runCycle(options, new AbortController().signal);
    turn.stop();
    turn.watch();
    return { seconds: (cpuMs() - before) / 1_000, longestMs: turn.milliseconds };
  };
  const first = await round();
  // New to the controller, so it decides again.
  usage = readAt(pool, names, startMs + 1);
  const next = await round();
  const longest = Math.max(first.longestMs, next.longestMs);
  const of = { denominator: fleet };
  return [
    valueRow(
      'controller_round_first_s',
      first.seconds,
      { ...of, numerator: first.seconds },
      atMost(30),
    ),
    valueRow('controller_round_s', next.seconds, { ...of, numerator: next.seconds }, atMost(30)),
    valueRow('controller_longest_turn_ms', longest, { ...of, numerator: longest }, atMost(50)),
  ];
}
