import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Issued {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority in a folder of its own, for tests of TLS. */
export interface TestAuthority {
  readonly folder: string;
  readonly certFile: string;
  readonly cert: string;
  issue(commonName: string): Issued;
}

export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export function createAuthority(name: string): TestAuthority {
  const folder = mkdtempSync(join(tmpdir(), 'gpu-profiler-tls-'));
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  };
  const keyArgs = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...keyArgs,
    '-subj',
    `/CN=${name}`,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-days',
    '2',
  );
  return {
    folder,
    certFile: join(folder, 'ca.crt'),
    cert: readFileSync(join(folder, 'ca.crt'), 'utf8'),
    issue: (commonName) => {
      const file = (ending: string): string => join(folder, `${commonName}.${ending}`);
      writeFileSync(file('ext'), 'subjectAltName=IP:127.0.0.1');
      openssl(
        'req',
        ...keyArgs,
        '-subj',
        `/CN=${commonName}`,
        '-keyout',
        file('key'),
        '-out',
        file('csr'),
      );
      openssl(
        'x509',
        '-req',
        '-in',
        file('csr'),
        '-CA',
        'ca.crt',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-extfile',
        file('ext'),
        '-days',
        '2',
        '-out',
        file('crt'),
      );
      return {
        certFile: file('crt'),
        keyFile: file('key'),
        cert: readFileSync(file('crt'), 'utf8'),
        key: readFileSync(file('key'), 'utf8'),
      };
    },
  };
}
