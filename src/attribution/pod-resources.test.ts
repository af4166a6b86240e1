import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../lib/clock.ts';
import { createLogger } from '../lib/logger.ts';
import { PodResources } from './pod-resources.ts';

/** A clock whose sleeps pass at once and are written down; after so many it is enough. */
function fakeClock(sleeps: number): { clock: Clock; slept: number[]; signal: AbortSignal } {
  const enough = new AbortController();
  const slept: number[] = [];
  let nowMs = 0;
  const clock: Clock = {
    now: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: async (ms) => {
      slept.push(ms);
      nowMs += ms;
      if (slept.length >= sleeps) enough.abort();
    },
  };
  return { clock, slept, signal: enough.signal };
}

async function run(
  socket: string,
  sleeps: number,
  deadlineMs = 5_000,
): Promise<{ slept: number[]; log: string[] }> {
  const { clock, slept, signal } = fakeClock(sleeps);
  const log: string[] = [];
  const pods = new PodResources({
    socket,
    intervalMs: 10_000,
    deadlineMs,
    resources: ['*'],
    clock,
    log: createLogger({ level: 'info', format: 'text', write: (line) => log.push(line) }),
    random: () => 0.5,
  });
  await pods.run(signal);
  expect(pods.held()).toBeNull();
  return { slept, log };
}

describe('attribution/pod-resources', () => {
  it('looks for a kubelet once a minute where there is none, and says so once, at level info', async () => {
    const { slept, log } = await run(join(tmpdir(), 'no-such-folder', 'kubelet.sock'), 5);
    expect(slept).toEqual([0, 60_000, 60_000, 60_000, 60_000]);
    expect(log).toHaveLength(1);
    expect(log[0]).toContain(' info ');
  });

  it('asks a kubelet that fails after growing waits, up to half a minute, and warns once', async () => {
    const { slept, log } = await run(join(tmpdir(), 'no-such-kubelet.sock'), 9);
    expect(slept).toEqual([0, 750, 1_500, 3_000, 6_000, 12_000, 22_500, 22_500, 22_500]);
    expect(log).toHaveLength(1);
    expect(log[0]).toContain(' warn ');
    expect(log[0]).toContain('hint=');
  });

  it('waits just so after an error that nobody foresaw, from the first try on', async () => {
    // No such deadline can be set, so the call throws what it never throws otherwise.
    const { slept, log } = await run(join(tmpdir(), 'kubelet.sock'), 5, -1);
    expect(slept).toEqual([0, 750, 1_500, 3_000, 6_000]);
    expect(log[0]).toContain('pod resources failed');
  });
});
