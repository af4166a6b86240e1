import { describe, expect, it } from 'vitest';
import type { Clock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import type { GpuHistory } from '../../sampling/gpu-record.ts';
import type { GpuSnapshot, Snapshot } from '../../sampling/snapshot.ts';
import { VerdictLoop } from './verdict-loop.ts';

const startSeconds = 1_700_000_000;
const periodSeconds = 14;

/** A training that begins at once and ends after `endSeconds`; percent. */
function utilAt(seconds: number, endSeconds: number): number {
  if (seconds >= endSeconds) return 0;
  return seconds % periodSeconds < 0.7 * periodSeconds ? 95 : 4;
}

function historyAt(seconds: number, endSeconds: number): GpuHistory {
  const from = Math.max(0, seconds - 600);
  const timesSeconds = Float64Array.from(
    { length: Math.round(5 * (seconds - from)) },
    (_, i) => startSeconds + from + i / 5,
  );
  const values = timesSeconds.map((time) => utilAt(time - startSeconds, endSeconds));
  return { util: { timesSeconds, values } };
}

function snapshotAt(seconds: number, endSeconds: number): Snapshot {
  const gpu: GpuSnapshot = {
    device: { index: 0, uuid: 'GPU-a', model: 'Test GPU', memoryTotalBytes: 80 * 2 ** 30 },
    status: { up: true },
    readings: { utilPercent: utilAt(seconds, endSeconds) },
    missing: {},
    processes: [],
    attribution: [],
    lastReadMs: 1_000 * (startSeconds + seconds),
    utilWindow: null,
    memCopyWindow: null,
    busySecondsTotal: null,
  };
  const source = { kind: 'nvml' } as Snapshot['source'];
  return { sequence: 1, timeMs: gpu.lastReadMs!, source, gpus: [gpu] };
}

/** What is said in each round, by seconds, of a loop in time of its own: a round every ten seconds. */
async function play(endSeconds: number, seconds: number): Promise<Map<number, string>> {
  const stop = new AbortController();
  let nowMs = 0;
  const clock: Clock = {
    now: () => 1_000 * startSeconds + nowMs,
    monotonicMs: () => nowMs,
    sleep: (ms) => {
      nowMs += ms;
      return Promise.resolve();
    },
  };
  const said = new Map<number, string>();
  const loop = new VerdictLoop({
    sampler: {
      snapshot: () => snapshotAt(nowMs / 1_000, endSeconds),
      history: () => historyAt(nowMs / 1_000, endSeconds),
    },
    clock,
    log: silentLogger,
    intervalMs: 10_000,
    historyMs: 600_000,
    onRound: () => {
      const verdict = loop.verdicts.get('GPU-a');
      said.set(nowMs / 1_000, `${verdict?.pattern} ${verdict?.jobType}`);
      if (nowMs >= 1_000 * seconds) stop.abort();
    },
  });
  await loop.run(stop.signal);
  return said;
}

describe('app/collector: the end of a job', () => {
  // Settled GPUs are looked at every half minute: the end falls at another moment between two looks each time.
  it.each([400, 410, 420])('is told within three periods when it ends after %d s', async (end) => {
    const said = await play(end, end + 60);
    expect(said.get(end)).toBe('cyclic DLT');
    const soon = 10 * Math.ceil((end + 3 * periodSeconds) / 10);
    expect(['transition Others', 'idle Empty']).toContain(said.get(soon));
    expect(said.get(end + 60)).toBe('idle Empty');
  });
});
