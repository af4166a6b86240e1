import { describe, expect, it } from 'vitest';
import { UsageError } from '../lib/errors.ts';
import { readWebConfig } from './web-config-file.ts';

const hash = `$2y$10$${'a'.repeat(53)}`;
const read = (text: string): ReturnType<typeof readWebConfig> =>
  readWebConfig(text, '/etc/web/config.yml');

describe('a web configuration file', () => {
  it('is open without any key', () => {
    expect(read('')).toEqual({ tls: null, users: null });
    expect(read('basic_auth_users: {}\n')).toEqual({ tls: null, users: null });
  });

  it('names certificates beside itself, and users', () => {
    const text = `tls_server_config:\n  cert_file: tls.crt\n  key_file: /keys/tls.key\nbasic_auth_users:\n  prometheus: ${hash}\n`;
    expect(read(text)).toEqual({
      tls: {
        certFile: '/etc/web/tls.crt',
        keyFile: '/keys/tls.key',
        clientCaFile: null,
        clientAuth: 'NoClientCert',
        minVersion: 'TLSv1.2',
      },
      users: new Map([['prometheus', hash]]),
    });
  });

  it.each([
    ['a slip', 'basic_auth_user: {}', 'unknown key basic_auth_user', 'basic_auth_users'],
    ['half of TLS', 'tls_server_config: {cert_file: a}', 'needs cert_file and key_file', 'both'],
    [
      'clients to be verified by nobody',
      'tls_server_config: {cert_file: a, key_file: b, client_auth_type: RequireAndVerifyClientCert}',
      'needs client_ca_file',
      'CA',
    ],
    [
      'an old TLS',
      'tls_server_config: {cert_file: a, key_file: b, min_version: TLS10}',
      'tls_server_config.min_version is "TLS10"',
      'TLS12, TLS13',
    ],
    ['a password in clear', 'basic_auth_users: {me: secret}', 'basic_auth_users.me', 'htpasswd'],
    ['a list', '[]', 'the file is no mapping', 'example'],
    ['no YAML', 'a: [', 'is not valid YAML', 'indentation'],
  ])('refuses %s, with the next step', (_, text, message, hint) => {
    const thrown = (() => {
      try {
        return read(text);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(UsageError);
    expect((thrown as UsageError).message).toContain(message);
    expect((thrown as UsageError).hint).toContain(hint);
    expect((thrown as UsageError).message).not.toContain('secret');
  });
});
