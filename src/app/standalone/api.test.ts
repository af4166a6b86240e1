import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../sampling/snapshot.ts';
import type { WebResponse } from '../../web/route.ts';
import { apiRoutes } from './api.ts';

const snapshot = {
  timeMs: 1_000_000,
  source: { kind: 'simulated', simulated: true, up: true, detail: '' },
  gpus: [{ device: { uuid: 'GPU-a' } }],
} as unknown as Snapshot;

function ask(path: string, query: string): { status: number; body: Record<string, unknown> } {
  const routes = apiRoutes({
    node: 'n1',
    now: () => 1_000_000,
    historySeconds: 600,
    snapshot: () => snapshot,
    observe: () => ({ gpus: [], annotations: { k: 'v' } }),
    fallbackReason: () => 'no driver',
    minutes: { means: (_, __, start, count) => Array<number>(count).fill(start) },
    states: {
      since: (_, sinceMs) => [{ state: 'cyclic', fromMs: sinceMs, toMs: 1_000_000 }],
    },
    history: () => ({
      util: { timesSeconds: Float64Array.of(998.2, 1000.4), values: Float64Array.of(40, 60) },
    }),
  });
  const route = routes.find((one) => one.path === path);
  const response = route?.handle({
    method: 'GET',
    path,
    query: new URLSearchParams(query),
    headers: {},
  }) as WebResponse;
  return {
    status: response.status,
    body: JSON.parse(String(response.body)) as Record<string, unknown>,
  };
}

describe('app/standalone/api', () => {
  it('gives bins of a second that end now; a channel that is not there is all null', () => {
    const { status, body } = ask('/api/v1/history', 'seconds=4');
    expect(status).toBe(200);
    expect(body).toEqual({
      startSeconds: 997,
      stepSeconds: 1,
      gpus: {
        'GPU-a': {
          util: [null, 40, null, 60],
          memUsedMiB: [null, null, null, null],
          powerWatts: [null, null, null, null],
        },
      },
    });
  });

  it('gives only what is new with from, and never more than is kept', () => {
    expect(ask('/api/v1/history', 'seconds=600&from=999').body['startSeconds']).toBe(999);
    expect(ask('/api/v1/history', 'seconds=999999').body['startSeconds']).toBe(401);
    // A clock ahead of ours does not make a negative length.
    expect(ask('/api/v1/history', 'from=2000').body['startSeconds']).toBe(1000);
  });

  it('gives means of minutes over a day with step=60, the kept ones before those from samples', () => {
    const { body } = ask('/api/v1/history', 'step=60&seconds=600');
    expect(body).toMatchObject({ startSeconds: 420, stepSeconds: 60 });
    expect(JSON.stringify(body)).toContain('"util":[7,7');
    expect(ask('/api/v1/history', 'step=60&from=930').body['startSeconds']).toBe(900);
    expect(ask('/api/v1/history', 'step=7').status).toBe(400);
  });

  it('gives what was said over time', () => {
    const { status, body } = ask('/api/v1/states', 'seconds=600');
    expect(status).toBe(200);
    expect(body).toEqual({
      fromMs: 400_000,
      toMs: 1_000_000,
      gpus: { 'GPU-a': [{ state: 'cyclic', fromMs: 400_000, toMs: 1_000_000 }] },
    });
    expect(ask('/api/v1/states', 'seconds=x').status).toBe(400);
  });

  it('tells the states with their terms, the most urgent first', () => {
    const { states } = ask('/api/v1/gpus', '').body as { states: object[] };
    expect(states.slice(0, 3)).toEqual([
      { state: 'stalled', term: 'stalled', needsAttention: true },
      { state: 'lost', term: 'lost', needsAttention: true },
      { state: 'held-idle', term: 'held idle', needsAttention: true },
    ]);
  });

  it.each(['seconds=-1', 'seconds=ten', 'from=1e9', 'seconds=99999999999999'])(
    'refuses %s',
    (query) => {
      expect(ask('/api/v1/history', query).status).toBe(400);
    },
  );

  it('says why simulated GPUs stand in', () => {
    expect(ask('/api/v1/gpus', '').body).toMatchObject({
      node: 'n1',
      source: { simulated: true, detail: 'no driver' },
      annotations: { k: 'v' },
    });
  });
});
