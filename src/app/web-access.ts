import { readFile } from 'node:fs/promises';
import { readWebConfig } from '../config/web-config-file.ts';
import type { Clock } from '../lib/clock.ts';
import { messageOf, UsageError } from '../lib/errors.ts';
import { every } from '../lib/every.ts';
import type { Logger } from '../lib/logger.ts';
import { proveTls, type WebAccess } from '../web/access.ts';
import type { WebServer } from '../web/server.ts';

/** Certificates are renewed days before they end. */
const lookAgainMs = 10_000;

/**
 * Who may read, by the web configuration file; everybody by plain HTTP without one.
 * @throws {UsageError} that names the file and what is wrong with it.
 */
export async function readWebAccess(path: string | null): Promise<WebAccess> {
  if (path === null) return { tls: null, users: null };
  const { tls, users } = readWebConfig(await read(path, 'web.config.file'), path);
  if (tls === null) return { tls: null, users };
  const { certFile, keyFile, clientCaFile, clientAuth, minVersion } = tls;
  const material = {
    cert: await read(certFile, 'cert_file'),
    key: await read(keyFile, 'key_file'),
    clientCa: clientCaFile === null ? null : await read(clientCaFile, 'client_ca_file'),
    clientAuth,
    minVersion,
  };
  try {
    proveTls(material);
  } catch (error) {
    throw new UsageError(`${path}: the certificate cannot be used: ${messageOf(error)}`, {
      cause: error,
      hint: 'cert_file holds the certificate and then its chain, key_file its key, both as PEM.',
    });
  }
  return { tls: material, users };
}

/** Follows the file and those it names until the signal aborts; what cannot be read leaves all as it is, and is told once. */
export async function followWebAccess(
  path: string | null,
  server: WebServer,
  first: WebAccess,
  { clock, log, signal }: { clock: Clock; log: Logger; signal: AbortSignal },
): Promise<void> {
  if (path === null) return;
  let known = fingerprint(first);
  let told = '';
  const tell = (problem: string): void => {
    if (problem !== told && problem !== '')
      log.warn({ file: path, problem }, 'the web configuration stays as it was');
    told = problem;
  };
  await every({
    clock,
    signal,
    immediately: false,
    nextDelayMs: () => lookAgainMs,
    run: async () => {
      const access = await readWebAccess(path);
      const print = fingerprint(access);
      if (print === known) {
        tell('');
        return;
      }
      if (server.replaceAccess(access)) {
        known = print;
        log.info({ file: path }, 'web configuration read anew');
        tell('');
      } else tell('switching TLS on or off, or client_auth_type, needs a restart');
    },
    // Half-written files, a key that does not fit its certificate yet: the next look will do.
    onError: (error) => tell(messageOf(error)),
  });
}

function fingerprint({ tls, users }: WebAccess): string {
  return JSON.stringify([tls, users === null ? null : [...users]]);
}

async function read(path: string, key: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${key}: ${path} cannot be read: ${messageOf(error)}`, {
      cause: error,
      hint: 'Check the path and that this user may read it; in a pod, that the Secret is mounted.',
    });
  }
}
