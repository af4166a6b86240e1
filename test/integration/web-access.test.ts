import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { hash } from 'bcryptjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithCluster } from '../support/describe-with-cluster.ts';
import {
  createAuthority,
  hasOpenssl,
  type TestAuthority,
} from '../support/fake-prometheus/certificates.ts';
import { startPrometheus } from '../support/prometheus.ts';
import { waitUntil } from '../support/wait-until.ts';
import { useCollectors } from './collector/use-collectors.ts';

const { start, startUnready } = useCollectors();
const folder = mkdtempSync(join(tmpdir(), 'gpu-profiler-web-access-'));
const file = (name: string): string => join(folder, name);
const config = file('web-config.yml');
let authority: TestAuthority;
/** Another one, which nobody here trusts. */
let strangers: TestAuthority;

interface Answer {
  readonly status: number;
  readonly subject: string;
}

function get(port: number, path: string, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path, ca: authority.cert, agent: false, ...options },
      (response) => {
        const { subject } = (response.socket as TLSSocket).getPeerCertificate();
        response.resume();
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, subject: String(subject.CN) }),
        );
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

function place(commonName: string): void {
  const issued = authority.issue(commonName);
  copyFileSync(issued.certFile, file('tls.crt'));
  copyFileSync(issued.keyFile, file('tls.key'));
}

beforeAll(async () => {
  authority = createAuthority('web-access');
  strangers = createAuthority('strangers');
  place('first');
  const users = `basic_auth_users:\n  scraper: ${await hash('right', 6)}\n`;
  writeFileSync(config, `tls_server_config:\n  cert_file: tls.crt\n  key_file: tls.key\n${users}`);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  for (const made of [authority, strangers])
    if (made !== undefined) rmSync(made.folder, { recursive: true, force: true });
});

const args = ['--source', 'simulated', '--web.config.file', config] as const;

describe('a collector with TLS and users', { timeout: 60_000 }, () => {
  it('has what the test needs', () => {
    expect(hasOpenssl(), 'install openssl').toBe(true);
  });

  it('gives metrics to who has the password alone, health to everybody, nothing without TLS', async () => {
    const { port } = await start(...args);
    expect(await get(port, '/metrics', { auth: 'scraper:right' })).toMatchObject({ status: 200 });
    expect(await get(port, '/metrics', { auth: 'scraper:wrong' })).toMatchObject({ status: 401 });
    expect(await get(port, '/metrics')).toMatchObject({ status: 401 });
    expect(await get(port, '/')).toMatchObject({ status: 401 });
    expect(await get(port, '/healthz')).toMatchObject({ status: 200 });
    await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow(/fetch failed/);
  });

  it('serves a renewed certificate without a restart, and keeps the old one while files do not fit', async () => {
    const collector = await start(...args);
    const { port } = collector;
    expect((await get(port, '/healthz')).subject).toBe('first');
    const key = readFileSync(file('tls.key'));
    place('second');
    const rightKey = readFileSync(file('tls.key'));
    writeFileSync(file('tls.key'), key);
    await waitUntil(() => collector.log.includes('stays as it was'), {
      what: 'the misfit told',
      timeoutMs: 20_000,
    });
    expect((await get(port, '/healthz')).subject).toBe('first');
    writeFileSync(file('tls.key'), rightKey);
    await waitUntil(async () => (await get(port, '/healthz')).subject === 'second', {
      what: 'the renewed certificate',
      timeoutMs: 20_000,
    });
  });

  it.each([
    ['NoClientCert', { none: true, own: true, foreign: true }],
    ['RequestClientCert', { none: true, own: true, foreign: true }],
    ['RequireAnyClientCert', { none: false, own: true, foreign: true }],
    ['VerifyClientCertIfGiven', { none: true, own: true, foreign: false }],
    ['RequireAndVerifyClientCert', { none: false, own: true, foreign: false }],
  ])('%s admits whom it says', async (clientAuth, admitted) => {
    const mutual = file(`${clientAuth}.yml`);
    const tls = `  cert_file: tls.crt\n  key_file: tls.key\n  client_ca_file: ${authority.certFile}\n`;
    writeFileSync(mutual, `tls_server_config:\n${tls}  client_auth_type: ${clientAuth}\n`);
    const { port } = await start('--source', 'simulated', '--web.config.file', mutual);
    const isAdmitted = (options: RequestOptions): Promise<boolean> =>
      get(port, '/metrics', options).then(
        ({ status }) => status === 200,
        () => false,
      );
    const { cert, key } = authority.issue('client');
    const stranger = strangers.issue('stranger');
    expect({
      none: await isAdmitted({}),
      own: await isAdmitted({ cert, key }),
      foreign: await isAdmitted({ cert: stranger.cert, key: stranger.key }),
    }).toEqual(admitted);
  });

  it('does not start with a file that is wrong, and says what', async () => {
    const wrong = file('wrong.yml');
    writeFileSync(wrong, 'tls_server_config: {cert_file: nowhere.crt, key_file: tls.key}\n');
    const collector = startUnready('--source', 'simulated', '--web.config.file', wrong);
    expect(await collector.exit).toBe(2);
    expect(collector.log).toMatch(/cert_file: .*nowhere\.crt cannot be read/);
  });
});

describeWithCluster('Prometheus and a collector with TLS and users', () => {
  it('scrapes it', async () => {
    const { port } = await start(...args);
    const prometheus = await startPrometheus({
      config: {
        scrape_configs: [
          {
            job_name: 'gpu-profiler-collector',
            scrape_interval: '1s',
            scheme: 'https',
            tls_config: { ca_file: authority.certFile },
            basic_auth: { username: 'scraper', password: 'right' },
            static_configs: [{ targets: [`127.0.0.1:${port}`] }],
          },
        ],
      },
    });
    try {
      const count = async (): Promise<string | undefined> =>
        (await prometheus.query('count(gpu_up == 1)'))[0]?.value?.[1];
      const gpus = await waitUntil(async () => Number(await count()) || undefined, {
        what: 'GPUs in Prometheus',
        timeoutMs: 30_000,
      });
      expect(gpus).toBeGreaterThan(0);
    } finally {
      await prometheus.stop();
    }
  }, 90_000);
});
