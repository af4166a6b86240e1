import { mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  startFakePrometheus,
  vectorAnswer,
  type FakePrometheus,
} from '../../test/support/fake-prometheus/fake-prometheus.ts';
import { createPrometheusClient, type PrometheusClient } from './client.ts';
import { PrometheusError } from './errors.ts';
import type { PrometheusOptions } from './prometheus-options.ts';

const one = vectorAnswer([{ metric: { a: 'b' }, value: [10, '1'] }]);
let server: FakePrometheus;
const clients: PrometheusClient[] = [];
const signal = new AbortController().signal;

beforeEach(async () => {
  server = await startFakePrometheus(() => ({ body: one }));
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server.close();
});

function client(options: Partial<PrometheusOptions> = {}): PrometheusClient {
  const made = createPrometheusClient({
    url: server.url,
    timeoutMs: 2_000,
    maxBodyBytes: 1_000_000,
    ...options,
  });
  clients.push(made);
  return made;
}

async function failure(asking: Promise<unknown>): Promise<PrometheusError> {
  const error: unknown = await asking.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PrometheusError);
  return error as PrometheusError;
}

describe('prometheus/client credentials', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'prometheus-client-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('uses a rotated token without a restart, keeps the old one while the file is away', async () => {
    const file = join(folder, 'token');
    writeFileSync(file, 'old\n');
    let valid = 'Bearer old';
    server.answer = ({ headers }) =>
      headers.authorization === valid ? { body: one } : { status: 401, body: 'no' };
    const asking = client({ bearerTokenFile: file });
    await asking.query('up', { signal });
    unlinkSync(file);
    await asking.query('up', { signal });
    valid = 'Bearer new';
    expect((await failure(asking.query('up', { signal }))).code).toBe('unauthorized');
    writeFileSync(`${file}.tmp`, 'new');
    renameSync(`${file}.tmp`, file);
    await asking.query('up', { signal });
  });

  it('reads a password from a file, and says which file is missing or unfit', async () => {
    const file = join(folder, 'password');
    const asking = client({ basicAuth: { username: 'me', passwordFile: file } });
    expect((await failure(asking.query('up', { signal }))).code).toBe('file_unreadable');
    writeFileSync(file, 'two\nlines');
    expect((await failure(asking.query('up', { signal }))).code).toBe('file_unreadable');
    writeFileSync(file, 'pa:ss\n');
    await asking.query('up', { signal });
    const basic = `Basic ${Buffer.from('me:pa:ss').toString('base64')}`;
    expect(server.asked.at(-1)?.headers.authorization).toBe(basic);
    expect(server.asked).toHaveLength(1);
  });
});
