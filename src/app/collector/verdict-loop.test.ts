import { describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import type { GpuHistory } from '../../sampling/gpu-record.ts';
import type { GpuSnapshot, Snapshot } from '../../sampling/snapshot.ts';
import { VerdictLoop } from './verdict-loop.ts';

const nowSeconds = 1_700_000_000;

function gpu(uuid: string, up = true): GpuSnapshot {
  return {
    device: { index: 0, uuid, model: 'Test GPU', memoryTotalBytes: 80 * 2 ** 30 },
    status: up ? { up: true } : { up: false, reason: 'gpu_lost', detail: '' },
    readings: {},
    missing: {},
    processes: [],
    attribution: [],
    lastReadMs: nowSeconds * 1_000,
    utilWindow: null,
    memCopyWindow: null,
    busySecondsTotal: null,
  };
}

function snapshotOf(
  gpus: readonly GpuSnapshot[],
  kind: Snapshot['source']['kind'] = 'nvml',
): Snapshot {
  const source = { kind } as Snapshot['source'];
  return { sequence: 1, timeMs: nowSeconds * 1_000, source, gpus };
}

/** Five samples a second over five minutes; the value at a time in seconds. */
function historyOf(value: (seconds: number) => number): GpuHistory {
  const count = 1_500;
  const timesSeconds = Float64Array.from({ length: count }, (_, i) => nowSeconds - 300 + i / 5);
  return { util: { timesSeconds, values: timesSeconds.map((time) => value(time)) } };
}

async function rounds(
  sampler: {
    snapshot: () => Snapshot;
    history: (uuid: string, seconds: number, gpuInstanceId?: number) => GpuHistory | null;
  },
  count: number,
  clock = systemClock,
): Promise<{ loop: VerdictLoop }> {
  const stop = new AbortController();
  let left = count;
  const loop = new VerdictLoop({
    sampler,
    clock,
    log: silentLogger,
    intervalMs: 10,
    historyMs: 600_000,
    onRound: () => {
      left -= 1;
      if (left === 0) stop.abort();
    },
  });
  await loop.run(stop.signal);
  return { loop };
}

/** One sample a second of a cycle of 20 s. */
function everySecond(): GpuHistory {
  const timesSeconds = Float64Array.from({ length: 600 }, (_, i) => nowSeconds - 600 + i);
  return { util: { timesSeconds, values: timesSeconds.map((time) => (time % 20 < 12 ? 90 : 5)) } };
}

describe('app/collector/verdict-loop', () => {
  it('takes a period in a recording of a sample a second for an apparent one, as analyze does', async () => {
    const sampler = (kind: 'nvml' | 'replay') => ({
      snapshot: () => snapshotOf([gpu('A')], kind),
      history: () => everySecond(),
    });
    const cycleBy = async (kind: 'nvml' | 'replay') =>
      (await rounds(sampler(kind), 3)).loop.verdicts.get('A')?.cycle;
    expect(await cycleBy('replay')).toMatchObject({ publishable: false });
    expect(await cycleBy('nvml')).toMatchObject({ publishable: true });
  });

  it('keeps nothing of a GPU, or an instance of one, that is not there any more', async () => {
    let round = 0;
    const sampler = {
      snapshot: () => {
        round += 1;
        return snapshotOf(round === 2 ? [] : [gpu('A')]);
      },
      history: () => historyOf(() => (round === 1 ? 90 : 0)),
    };
    const { loop } = await rounds(sampler, 3);
    // Remembered as steady it would need a second look before it is idle.
    expect(loop.verdicts.get('A')?.pattern).toBe('idle');
  });

  it('begins to watch anew when a GPU is back', async () => {
    let round = 0;
    const sampler = {
      snapshot: () => {
        round += 1;
        return snapshotOf([gpu('A', round !== 2)]);
      },
      history: () => {
        const { util } = historyOf(() => 50);
        const timesSeconds = util?.timesSeconds.map((time) => time + (round > 2 ? 1_000 : 0));
        return { util: { timesSeconds, values: util?.values } } as GpuHistory;
      },
    };
    const { loop } = await rounds(sampler, 3);
    expect(loop.verdicts.get('A')?.watchedSinceSeconds).toBe(nowSeconds + 700);
  });

  it('tells since when it has looked, however long it remembers', async () => {
    let shiftSeconds = 0;
    const sampler = {
      snapshot: () => snapshotOf([gpu('A')]),
      // What it remembers moves on; when it began does not.
      history: () => {
        const { util } = historyOf(() => 50);
        shiftSeconds += 10;
        const timesSeconds = util?.timesSeconds.map((time) => time + shiftSeconds - 10);
        return { util: { timesSeconds, values: util?.values } } as GpuHistory;
      },
    };
    const { loop } = await rounds(sampler, 3);
    expect(loop.verdicts.get('A')?.watchedSinceSeconds).toBe(nowSeconds - 300);
  });

  it('says what each GPU does', async () => {
    const histories = new Map([
      ['GPU-idle', historyOf(() => 0)],
      ['GPU-cyclic', historyOf((time) => (time % 20 < 14 ? 95 : 5))],
    ]);
    const { loop } = await rounds(
      {
        snapshot: () => snapshotOf([gpu('GPU-idle'), gpu('GPU-cyclic')]),
        history: (uuid) => histories.get(uuid) ?? null,
      },
      2,
    );
    expect(loop.verdicts.get('GPU-idle')).toMatchObject({ pattern: 'idle', jobType: 'Empty' });
    const cyclic = loop.verdicts.get('GPU-cyclic');
    expect(cyclic).toMatchObject({ pattern: 'cyclic', jobType: 'DLT' });
    expect(cyclic?.cycle?.publishable).toBe(true);
    expect(cyclic?.cycle?.periodSeconds).toBeCloseTo(20, 0);
    expect(loop.figures).toMatchObject({ roundsTotal: 2, failuresTotal: 0 });
  });

  it('says of each GPU instance what it does, apart from its GPU', async () => {
    const whole = gpu('GPU-0');
    const instances = [1, 2].map((gpuInstanceId) => ({
      ...whole,
      device: { ...whole.device, instance: { gpuInstanceId } },
    }));
    const { loop } = await rounds(
      {
        snapshot: () => snapshotOf([{ ...whole, instances }]),
        history: (_uuid, _seconds, gpuInstanceId) =>
          historyOf((time) => (gpuInstanceId === 2 && time % 20 < 14 ? 95 : 5)),
      },
      2,
    );
    expect([...loop.verdicts].map(([key, { pattern }]) => [key, pattern])).toEqual([
      ['GPU-0', 'steady'],
      ['GPU-0/1', 'steady'],
      ['GPU-0/2', 'cyclic'],
    ]);
  });

  it('says nothing about a GPU that is down, and goes on where it was when it is back', async () => {
    let up = true;
    const sampler = {
      snapshot: () => snapshotOf([gpu('GPU-0', up)]),
      history: () => historyOf(() => 0),
    };
    const { loop } = await rounds(sampler, 1);
    expect(loop.verdicts.has('GPU-0')).toBe(true);
    up = false;
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 60);
    await loop.run(stop.signal);
    expect(loop.verdicts.has('GPU-0')).toBe(false);
  });

  it('keeps what it said when an analysis fails, and counts it', async () => {
    const sampler = {
      snapshot: () => snapshotOf([gpu('GPU-0'), gpu('GPU-1')]),
      history: (uuid: string) => {
        if (uuid === 'GPU-0') throw new Error('no');
        return historyOf(() => 0);
      },
    };
    const { loop } = await rounds(sampler, 1);
    expect(loop.figures.failuresTotal).toBe(1);
    expect([...loop.verdicts.keys()]).toEqual(['GPU-1']);
  });

  it('lets the event loop turn while it computes', async () => {
    const busy = historyOf((time) => (time % 37 < 20 ? 90 : 10) + (time % 3));
    // Each look at the clock costs more than a slice, so that every place that may give way does.
    let nowMs = 0;
    const clock = { ...systemClock, monotonicMs: () => (nowMs += 100) };
    let turn = 0;
    let counting = setImmediate(function count() {
      turn += 1;
      counting = setImmediate(count);
    });
    const turns: number[] = [];
    const gpus = ['GPU-0', 'GPU-1', 'GPU-2', 'GPU-3'].map((uuid) => gpu(uuid));
    const history = (): GpuHistory => {
      turns.push(turn);
      return busy;
    };
    const { loop } = await rounds({ snapshot: () => snapshotOf(gpus), history }, 1, clock);
    clearImmediate(counting);
    expect(loop.figures.busyMsTotal).toBeGreaterThan(0);
    // No two GPUs in one turn.
    expect(turns).toHaveLength(4);
    expect(new Set(turns).size).toBe(4);
    // Nor one GPU in one.
    expect((turns.at(-1) ?? 0) - (turns[0] ?? 0)).toBeGreaterThan(2 * 3);
  });
});
