import { afterEach, beforeEach, expect } from 'vitest';
import { createPrometheusClient, type PrometheusClient } from '../../../src/prometheus/client.ts';
import { PrometheusError } from '../../../src/prometheus/errors.ts';
import type { PrometheusOptions } from '../../../src/prometheus/prometheus-options.ts';
import { startFakePrometheus, vectorAnswer, type FakePrometheus } from './fake-prometheus.ts';

export interface ClientRig {
  /** The server of the test that runs. */
  readonly server: FakePrometheus;
  /** A client of it, closed after the test. */
  client(options?: Partial<PrometheusOptions>): PrometheusClient;
}

/** What the server answers to any query. */
export const oneSample = vectorAnswer([{ metric: { a: 'b' }, value: [10, '1'] }]);

/** For the top of a test file: a fresh server before each test. */
export function clientRig(): ClientRig {
  let server: FakePrometheus;
  const clients: PrometheusClient[] = [];
  beforeEach(async () => {
    server = await startFakePrometheus(() => ({ body: oneSample }));
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await server.close();
  });
  return {
    get server() {
      return server;
    },
    client: (options = {}) => {
      const limits = { timeoutMs: 2_000, maxBodyBytes: 1_000_000 };
      const made = createPrometheusClient({ url: server.url, ...limits, ...options });
      clients.push(made);
      return made;
    },
  };
}

/** The error that a query ends with; anything else fails the test. */
export async function failure(asking: Promise<unknown>): Promise<PrometheusError> {
  const error: unknown = await asking.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PrometheusError);
  return error as PrometheusError;
}
