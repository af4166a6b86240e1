import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createAuthority,
  hasOpenssl,
  type TestAuthority,
} from '../../test/support/fake-prometheus/certificates.ts';
import {
  startFakePrometheus,
  vectorAnswer,
  type FakePrometheus,
} from '../../test/support/fake-prometheus/fake-prometheus.ts';
import { createPrometheusClient, type PrometheusClient } from './client.ts';
import type { PrometheusOptions } from './prometheus-options.ts';

const signal = new AbortController().signal;

// Certificates cannot be made by Node alone; every Linux with git has openssl as a rule.
describe.skipIf(!hasOpenssl())('prometheus/client over TLS', () => {
  const clients: PrometheusClient[] = [];
  let old: TestAuthority;
  let fresh: TestAuthority;
  let server: FakePrometheus;
  let caFile: string;

  beforeEach(async () => {
    old = createAuthority('old');
    fresh = createAuthority('fresh');
    const { cert, key } = old.issue('server');
    server = await startFakePrometheus(() => ({ body: vectorAnswer([]) }), {
      cert,
      key,
      ca: [old.cert, fresh.cert],
      requestCert: true,
      rejectUnauthorized: false,
    });
    caFile = join(old.folder, 'trusted.crt');
    copyFileSync(old.certFile, caFile);
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await server.close();
    for (const { folder } of [old, fresh]) rmSync(folder, { recursive: true });
  });

  function client(options: Partial<PrometheusOptions>): PrometheusClient {
    const one = createPrometheusClient({
      url: server.url,
      timeoutMs: 2_000,
      maxBodyBytes: 100_000,
      ...options,
    });
    clients.push(one);
    return one;
  }

  it('trusts the given authority only, or anybody when told to', async () => {
    await expect(client({}).query('up', { signal })).rejects.toMatchObject({
      code: 'tls_failed',
      hint: expect.stringContaining('prometheus.ca-file'),
    });
    await client({ caFile }).query('up', { signal });
    await client({ insecureSkipVerify: true }).query('up', { signal });
    await expect(client({ caFile: fresh.certFile }).query('up', { signal })).rejects.toMatchObject({
      code: 'tls_failed',
    });
  });

  it('takes a rotated authority and client certificate without a restart', async () => {
    const mine = old.issue('client-1');
    const certFile = join(old.folder, 'mine.crt');
    const keyFile = join(old.folder, 'mine.key');
    copyFileSync(mine.certFile, certFile);
    copyFileSync(mine.keyFile, keyFile);
    const asking = client({ caFile, certFile, keyFile });
    await asking.query('up', { signal });
    await asking.query('up', { signal });
    expect(server.asked.map(({ clientCertificate }) => clientCertificate)).toEqual([
      'client-1',
      'client-1',
    ]);
    expect(server.asked[1]?.connection).toBe(server.asked[0]?.connection);

    const { cert, key } = fresh.issue('server');
    server.setTls({ cert, key, ca: [old.cert, fresh.cert] });
    copyFileSync(fresh.certFile, caFile);
    const renewed = fresh.issue('client-2');
    copyFileSync(renewed.certFile, certFile);
    copyFileSync(renewed.keyFile, keyFile);
    await asking.query('up', { signal });
    expect(server.asked.at(-1)?.clientCertificate).toBe('client-2');
    expect(server.asked.at(-1)?.connection).not.toBe(server.asked[0]?.connection);
  });
});
