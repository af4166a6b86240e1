import { describe, expect, it } from 'vitest';
import type { Clock } from './clock.ts';
import { every } from './every.ts';

/** A clock whose sleeps pass at once and are written down. */
function fakeClock(): Clock & { slept: number[]; spend(ms: number): void } {
  let nowMs = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => nowMs,
    monotonicMs: () => nowMs,
    spend: (ms) => {
      nowMs += ms;
    },
    sleep: async (ms) => {
      slept.push(ms);
      nowMs += ms;
    },
  };
}

describe('lib/every', () => {
  it('counts the delay from the start of a run and never overlaps', async () => {
    const clock = fakeClock();
    const abort = new AbortController();
    let running = 0;
    let runs = 0;
    await every({
      clock,
      signal: abort.signal,
      nextDelayMs: () => 100,
      onError: () => undefined,
      run: async () => {
        running += 1;
        expect(running).toBe(1);
        runs += 1;
        clock.spend(runs === 2 ? 250 : 30);
        await Promise.resolve();
        running -= 1;
        if (runs === 3) abort.abort();
      },
    });
    expect(runs).toBe(3);
    expect(clock.slept).toEqual([70, 0]);
  });

  it('goes on after an error and tells of it', async () => {
    const clock = fakeClock();
    const abort = new AbortController();
    const errors: unknown[] = [];
    let runs = 0;
    await every({
      clock,
      signal: abort.signal,
      nextDelayMs: () => 10,
      onError: (error) => errors.push(error),
      run: async () => {
        runs += 1;
        if (runs === 2) abort.abort();
        throw new Error(`run ${runs}`);
      },
    });
    // The second one is the abort itself, not a failure to report.
    expect(errors).toEqual([new Error('run 1')]);
  });

  it('waits first when told so', async () => {
    const clock = fakeClock();
    const abort = new AbortController();
    await every({
      clock,
      signal: abort.signal,
      nextDelayMs: () => 40,
      immediately: false,
      onError: () => undefined,
      run: async () => abort.abort(),
    });
    expect(clock.slept).toEqual([40]);
  });
});
