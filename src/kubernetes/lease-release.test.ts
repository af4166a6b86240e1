import { describe, expect, it } from 'vitest';
import type { Clock } from '../lib/clock.ts';
import { leaseRecord } from './lease-record.ts';
import { leaseUse, type LeaseUse } from './lease-release.ts';

/** What a Lease says at a time, in ms; null: there is none. */
type Script = (atMs: number) => { holder: string; renewed: number; seconds?: number } | null;

async function look(script: Script, patienceMs = 0): Promise<LeaseUse & { atMs: number }> {
  let ms = 0;
  const clock: Clock = {
    now: () => ms,
    monotonicMs: () => ms,
    sleep: (by) => {
      ms += by;
      return Promise.resolve();
    },
  };
  const read = () => {
    const now = script(ms);
    if (now === null) return Promise.resolve(null);
    const { holder, renewed, seconds = 15 } = now;
    const spec = {
      holderIdentity: holder,
      renewTime: String(renewed),
      leaseDurationSeconds: seconds,
    };
    return Promise.resolve(leaseRecord({ metadata: { resourceVersion: '1' }, spec }));
  };
  const { signal } = new AbortController();
  const use = await leaseUse({ store: { read }, clock, signal, patienceMs });
  return { ...use, atMs: ms };
}

const renewing = (atMs: number, holder = 'a') => ({ holder, renewed: Math.floor(atMs / 2_000) });

describe('kubernetes/lease-release', () => {
  it.each<[string, Script]>([
    ['absent', () => null],
    ['released', () => ({ holder: '', renewed: 1 })],
    ['fenced', () => ({ holder: 'gpu-profiler-cleanup_x', renewed: 1, seconds: 600 })],
  ])('says at once: %s', async (state, script) => {
    expect(await look(script)).toMatchObject({ state, atMs: 0 });
  });

  it('believes in a holder when it renews, not in what its clock says', async () => {
    expect(await look((atMs) => renewing(atMs))).toMatchObject({ state: 'held', atMs: 2_000 });
  });

  it('takes a holder for dead that is silent for as long as its Lease may last', async () => {
    const silent: Script = () => ({ holder: 'a', renewed: 99 });
    expect(await look(silent)).toMatchObject({ state: 'expired', atMs: 15_000 });
    const ending: Script = (atMs) => renewing(Math.min(atMs, 6_000));
    expect(await look(ending, 60_000)).toMatchObject({ state: 'expired', atMs: 21_000 });
  });

  it('grants a holder time to end', async () => {
    const ending: Script = (atMs) => renewing(atMs, atMs < 7_000 ? 'a' : '');
    expect(await look(ending, 20_000)).toMatchObject({ state: 'released', atMs: 7_000 });
    expect(await look((atMs) => renewing(atMs), 20_000)).toMatchObject({
      state: 'held',
      atMs: 20_000,
    });
  });
});
