import { describe, expect, it } from 'vitest';
import { SourceError } from '../../gpu/source.ts';
import { systemClock, type Clock } from '../../lib/clock.ts';
import type { Snapshot } from '../../sampling/snapshot.ts';
import { cycleLoop, type CycleLoopEnd } from './cycle-loop.ts';
import type { GpuView, VerdictView } from './gpu-view.ts';
import type { Frame, Output } from './output.ts';

const settled: VerdictView = {
  pattern: 'idle',
  jobType: 'Empty',
  tentative: false,
  periodSeconds: null,
  periodMarginSeconds: null,
  slowerPeriodSeconds: null,
  periodUnresolved: false,
  apparentPeriodSeconds: null,
  confidence: 1,
  sinceMs: 0,
  stall: false,
  memUtilMaxPercent: 0,
  windowSeconds: 30,
};

function gpuWith(verdict: VerdictView | null, up = true): GpuView {
  return { index: 0, uuid: 'GPU-a', up, verdict } as unknown as GpuView;
}

/** The parts of a collector that the loop listens to, fired by hand. */
function rig(given: { once: boolean; durationMs: number; clock?: Clock }) {
  const snapshots = new Set<() => void>();
  const verdicts = new Set<() => void>();
  const shown: GpuView[][] = [];
  const stop = new AbortController();
  let fail: (error: SourceError) => void = () => undefined;
  let gpus: GpuView[] = [gpuWith(null)];
  let decided = 0;
  const output: Output = {
    tick: () => undefined,
    cycle: (frame) => shown.push([...frame.gpus]),
    log: () => undefined,
    end: () => undefined,
  };
  const ended: Promise<CycleLoopEnd> = cycleLoop({
    collector: {
      onSnapshot: (listener) => {
        const call = (): void => listener({} as Snapshot);
        snapshots.add(call);
        return () => snapshots.delete(call);
      },
      onVerdicts: (listener) => {
        verdicts.add(listener);
        return () => verdicts.delete(listener);
      },
      fatal: new Promise((resolve) => {
        fail = resolve;
      }),
    },
    output,
    frame: () => ({ gpus, snapshot: { source: { up: true, reason: '' } } }) as unknown as Frame,
    decide: () => {
      decided += 1;
    },
    once: given.once,
    durationMs: given.durationMs,
    clock: given.clock ?? systemClock,
    signal: stop.signal,
  });
  return {
    ended,
    shown,
    stop,
    fail,
    listeners: () => snapshots.size + verdicts.size,
    decided: () => decided,
    snapshot: () => snapshots.forEach((call) => call()),
    round: (next: GpuView[]) => {
      gpus = next;
      verdicts.forEach((call) => call());
    },
  };
}

describe('app/standalone/cycle-loop', () => {
  it('introduces itself once, then shows each round, until told to stop', async () => {
    const loop = rig({ once: false, durationMs: 0 });
    loop.snapshot();
    loop.snapshot();
    loop.round([gpuWith(null)]);
    loop.round([gpuWith(settled)]);
    expect(loop.shown).toHaveLength(3);
    expect(loop.decided()).toBe(2);
    loop.stop.abort();
    expect(await loop.ended).toEqual({ why: 'stopped' });
    expect(loop.listeners()).toBe(0);
  });

  it.each([
    ['a GPU without a verdict', gpuWith(null)],
    ['a verdict that may yet turn out a slow cycle', gpuWith({ ...settled, pattern: 'bursty' })],
    ['a tentative cycle', gpuWith({ ...settled, pattern: 'cyclic', tentative: true })],
    [
      'a period that is not sure yet',
      gpuWith({ ...settled, pattern: 'cyclic', periodUnresolved: true }),
    ],
  ])('with once waits for %s', async (_, waiting) => {
    const loop = rig({ once: true, durationMs: 0 });
    loop.snapshot();
    loop.round([gpuWith(settled), waiting]);
    expect(loop.shown).toEqual([]);
    loop.round([gpuWith(settled), gpuWith({ ...settled, pattern: 'bursty', windowSeconds: 85 })]);
    expect(loop.shown).toHaveLength(1);
    expect(await loop.ended).toEqual({ why: 'once' });
  });

  it('does not wait for a GPU that is down', async () => {
    const loop = rig({ once: true, durationMs: 0 });
    loop.round([gpuWith(settled), gpuWith(null, false)]);
    expect(await loop.ended).toEqual({ why: 'once' });
  });

  it('ends after its duration; with once and no verdict shows what there is and says so', async () => {
    expect(await rig({ once: false, durationMs: 20 }).ended).toEqual({ why: 'duration' });
    const loop = rig({ once: true, durationMs: 20 });
    expect(await loop.ended).toEqual({ why: 'once-without-verdict' });
    expect(loop.shown).toHaveLength(1);
  });

  it('ends when only a new process can help', async () => {
    const loop = rig({ once: false, durationMs: 0 });
    const error = new SourceError('version_mismatch', 'driver replaced', { fatal: true });
    loop.fail(error);
    expect(await loop.ended).toEqual({ why: 'fatal', error });
  });
});
