import { dirname, isAbsolute, resolve } from 'node:path';
import { UsageError } from '../lib/errors.ts';
import { nearestOf } from './suggestion.ts';
import { parseYaml } from './yaml.ts';

/** How a client must identify itself by a certificate, in the words of the format. */
export const clientAuthTypes = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const;
export type ClientAuthType = (typeof clientAuthTypes)[number];
const minVersions = { TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const;

export interface WebConfigFile {
  /** null: plain HTTP. Paths are absolute. */
  readonly tls: {
    readonly certFile: string;
    readonly keyFile: string;
    readonly clientCaFile: string | null;
    readonly clientAuth: ClientAuthType;
    readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  } | null;
  /** Bcrypt hash by user; null: nobody is asked. */
  readonly users: ReadonlyMap<string, string> | null;
}

const tlsKeys = ['cert_file', 'key_file', 'client_ca_file', 'client_auth_type', 'min_version'];

/**
 * Reads the web configuration format of the Prometheus exporters
 * (https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md), of which TLS and basic auth
 * are known here. Paths in it are relative to its folder.
 * @throws {UsageError} that names the file, the key and what is allowed.
 */
export function readWebConfig(text: string, path: string): WebConfigFile {
  const refuse = (problem: string, hint: string): UsageError =>
    new UsageError(`${path}: ${problem}`, { hint });
  const mapping = (value: unknown, name: string): Record<string, unknown> => {
    if (value === undefined || value === null) return {};
    if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
    throw refuse(`${name} is no mapping`, 'See docs/SECURITY.md for an example.');
  };
  const onlyKeys = (found: object, known: readonly string[], where: string): void => {
    for (const key of Object.keys(found)) {
      if (known.includes(key)) continue;
      const near = nearestOf(key, known);
      throw refuse(
        `unknown key ${where}${key}`,
        `${near === null ? '' : `Did you mean "${near}"? `}Known here: ${known.join(', ')}.`,
      );
    }
  };
  const document = mapping(parseYaml(text, path), 'the file');
  onlyKeys(document, ['tls_server_config', 'basic_auth_users', 'http_server_config'], '');
  // HTTP/2 may be asked for as in the exporters; HTTP/1.1 is served in any case, which every client of theirs speaks.
  onlyKeys(
    mapping(document['http_server_config'], 'http_server_config'),
    ['http2'],
    'http_server_config.',
  );

  const tls = mapping(document['tls_server_config'], 'tls_server_config');
  onlyKeys(tls, tlsKeys, 'tls_server_config.');
  const file = (key: string): string | null => {
    const value = tls[key] ?? null;
    if (value === null || value === '') return null;
    if (typeof value !== 'string')
      throw refuse(`tls_server_config.${key} is no path`, 'Write the path of a file.');
    return isAbsolute(value) ? value : resolve(dirname(path), value);
  };
  const oneOf = <Word extends string>(
    key: string,
    words: readonly Word[],
    byDefault: Word,
  ): Word => {
    const value = tls[key] ?? byDefault;
    const word = words.find((known) => known === value);
    if (word !== undefined) return word;
    throw refuse(
      `tls_server_config.${key} is ${JSON.stringify(value)}`,
      `Allowed: ${words.join(', ')}.`,
    );
  };
  const certFile = file('cert_file');
  const keyFile = file('key_file');
  const clientCaFile = file('client_ca_file');
  const clientAuth = oneOf('client_auth_type', clientAuthTypes, 'NoClientCert');
  const minVersion =
    minVersions[oneOf('min_version', Object.keys(minVersions) as ('TLS12' | 'TLS13')[], 'TLS12')];
  if (Object.keys(tls).length > 0 && (certFile === null || keyFile === null))
    throw refuse('tls_server_config needs cert_file and key_file', 'Give both, or leave it out.');
  if (clientAuth.includes('Verify') && clientCaFile === null)
    throw refuse(
      `client_auth_type ${clientAuth} needs client_ca_file`,
      'Name the file with the CA that signs the certificates of clients.',
    );
  return {
    tls:
      certFile === null || keyFile === null
        ? null
        : { certFile, keyFile, clientCaFile, clientAuth, minVersion },
    users: readUsers(mapping(document['basic_auth_users'], 'basic_auth_users'), refuse),
  };
}

function readUsers(
  given: Record<string, unknown>,
  refuse: (problem: string, hint: string) => UsageError,
): ReadonlyMap<string, string> | null {
  const users = new Map<string, string>();
  for (const [user, hash] of Object.entries(given)) {
    // The hash itself stays out of the message.
    if (typeof hash !== 'string' || !/^\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}$/.test(hash))
      throw refuse(
        `basic_auth_users.${user} is no bcrypt hash`,
        `Make one with \`htpasswd -nBC 10 ${user}\`, and write what stands behind the colon.`,
      );
    users.set(user, hash);
  }
  return users.size === 0 ? null : users;
}
