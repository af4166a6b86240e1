import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { npmSecrets } from './npm-access.ts';

describe('npmSecrets', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gpu-profiler-npm-access-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function userConfig(text: string): string {
    const file = join(folder, 'user-npmrc');
    writeFileSync(file, text);
    return file;
  }
  const npmrc = (secrets: Record<string, string>): string[] =>
    readFileSync(secrets['npmrc'] ?? '', 'utf8').split('\n');

  it('takes the registry and its password from the user, and nothing about this machine', () => {
    const text =
      '@team:registry=https://r.example/\n//r.example/:_authToken=x\ncache=/home/me/.npm\n';
    const secrets = npmSecrets(folder, { npm_config_userconfig: userConfig(text) });

    expect(Object.keys(secrets)).toEqual(['npmrc']);
    expect(npmrc(secrets)).toEqual(
      expect.arrayContaining(['@team:registry=https://r.example/', '//r.example/:_authToken=x']),
    );
    expect(npmrc(secrets).join('\n')).not.toContain('cache');
    expect(statSync(secrets['npmrc'] ?? '').mode & 0o777).toBe(0o600);
  });

  it('takes settings from the environment', () => {
    const secrets = npmSecrets(folder, {
      HOME: folder,
      NPM_CONFIG_REGISTRY: 'https://mirror.example/',
      npm_config_https_proxy: 'http://proxy.example:3128',
      npm_config_strict_ssl: '',
      npm_config_user_agent: 'npm/11',
    });

    expect(npmrc(secrets).filter((line) => line !== '')).toEqual([
      'registry=https://mirror.example/',
      'https-proxy=http://proxy.example:3128',
    ]);
  });

  it("adds a company's authority to Node's own", () => {
    const extra = join(folder, 'company.pem');
    writeFileSync(extra, 'COMPANY');
    const secrets = npmSecrets(folder, { HOME: folder, NODE_EXTRA_CA_CERTS: extra });
    const authorities = readFileSync(secrets['npm-ca'] ?? '', 'utf8');

    expect(npmrc(secrets)).toContain('cafile=/run/secrets/npm-ca');
    expect(authorities).toContain(rootCertificates[0]);
    expect(authorities).toContain('COMPANY');
  });

  it('replaces them by the authorities that npm is set to', () => {
    const authority = join(folder, 'own.pem');
    writeFileSync(authority, 'OWN');
    const file = userConfig(`cafile = ${authority}\n`);
    const secrets = npmSecrets(folder, { npm_config_userconfig: file });

    expect(readFileSync(secrets['npm-ca'] ?? '', 'utf8').trim()).toBe('OWN');
    expect(npmrc(secrets).filter((line) => line.includes('cafile'))).toEqual([
      'cafile=/run/secrets/npm-ca',
    ]);
  });
});
