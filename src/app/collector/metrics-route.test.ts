import { describe, expect, it } from 'vitest';
import { sampleGpu, sampleSnapshot } from '../../../test/support/exposition/sample-snapshot.ts';
import { allFamilies } from '../../exposition/family-filter.ts';
import { Exposition } from '../../exposition/exposition.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import type { WebResponse } from '../../web/route.ts';
import { processFigures } from '../process-figures.ts';
import { metricsRoute } from './metrics-route.ts';

describe('app/collector/metrics-route', () => {
  it('answers 503 once what is shown is older than five snapshots, and 200 when it is new again', async () => {
    let nowMs = 1_000_000;
    let broken = false;
    let sequence = 1;
    const snapshot = (): ReturnType<typeof sampleSnapshot> => {
      if (broken) throw new Error('a family throws');
      return { ...sampleSnapshot([sampleGpu(0)]), sequence };
    };
    const exposition = new Exposition({
      node: 'n',
      dialects: ['native'],
      filter: allFamilies,
      clock: { ...systemClock, monotonicMs: () => nowMs },
      log: silentLogger,
      observe: () => ({ snapshot: snapshot(), verdicts: new Map(), holders: new Map() }),
      observeSelf: () => ({
        snapshot: snapshot(),
        timeMs: 0,
        version: '1',
        nodejsVersion: 'v24',
        windowMs: 30_000,
        process: processFigures(0),
        analysis: null,
        podResources: { up: false, reason: 'off', ageMs: null },
        unmappedDevices: null,
      }),
    });
    const { handle } = metricsRoute(exposition);
    const get = async (): Promise<WebResponse> =>
      handle({ method: 'GET', path: '/metrics', query: new URLSearchParams(), headers: {} });
    const second = async (): Promise<void> => {
      nowMs += 1_000;
      sequence += 1;
      exposition.refresh();
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
    expect((await get()).status).toBe(200);
    broken = true;
    for (let i = 0; i < 5; i += 1) await second();
    expect((await get()).status).toBe(200);
    await second();
    const stale = await get();
    expect([stale.status, String(stale.body)]).toEqual([
      503,
      expect.stringContaining('exposition_stale'),
    ]);
    broken = false;
    await second();
    expect((await get()).status).toBe(200);
  });

  it('the figures of this process are there on Linux', () => {
    const figures = processFigures(0);
    expect(figures.heapUsedBytes).toBeGreaterThan(1e6);
    if (process.platform !== 'linux') return;
    expect(figures.openFileDescriptors).toBeGreaterThan(2);
    expect(figures.maxFileDescriptors).toBeGreaterThan(figures.openFileDescriptors ?? Infinity);
  });
});
