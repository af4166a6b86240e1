import { describe, expect, it } from 'vitest';
import type { Clock } from '../lib/clock.ts';
import { ApiError, type ApiErrorCode } from './api-error.ts';
import { createRetryingTransport } from './retrying-transport.ts';

const request = { method: 'GET', path: '/x', signal: new AbortController().signal } as const;

function retrying(failures: readonly ApiError[], until = new AbortController()) {
  const left = [...failures];
  const waits: number[] = [];
  const clock: Clock = {
    now: () => 0,
    monotonicMs: () => 0,
    sleep: (ms) => {
      waits.push(ms);
      if (waits.length === 30) until.abort();
      return Promise.resolve();
    },
  };
  const transport = createRetryingTransport({
    transport: {
      json: () => {
        const error = left.shift();
        return error === undefined ? Promise.resolve('done') : Promise.reject(error);
      },
    },
    clock,
    onRetry: () => undefined,
    until: until.signal,
    random: () => 0,
  });
  return { transport, waits };
}

const failure = (code: ApiErrorCode, retryAfterMs?: number): ApiError =>
  new ApiError(code, code, retryAfterMs === undefined ? {} : { retryAfterMs });

describe('kubernetes/retrying-transport', () => {
  it('goes on with growing pauses, and waits for as long as the server says', async () => {
    const { transport, waits } = retrying([
      failure('server_error'),
      failure('unreachable'),
      failure('too_many_requests', 7_000),
      failure('timeout'),
    ]);
    expect(await transport.json(request)).toBe('done');
    expect(waits).toEqual([100, 200, 7_000, 800]);
  });

  it.each(['conflict', 'forbidden', 'not_found', 'invalid', 'unauthorized', 'tls'] as const)(
    'does not repeat what meets %s',
    async (code) => {
      const { transport, waits } = retrying([failure(code)]);
      await expect(transport.json(request)).rejects.toMatchObject({ code });
      expect(waits).toEqual([]);
    },
  );

  it('ends with the last failure when the time is up', async () => {
    const { transport, waits } = retrying(Array.from({ length: 99 }, () => failure('timeout')));
    await expect(transport.json(request)).rejects.toMatchObject({ code: 'timeout' });
    expect(waits).toHaveLength(30);
    expect(Math.max(...waits)).toBe(5_000);
  });

  it('tells of the failure before rather than of the end of its time', async () => {
    const { transport } = retrying([failure('server_error'), failure('aborted')]);
    await expect(transport.json(request)).rejects.toMatchObject({ code: 'server_error' });
  });
});
