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
