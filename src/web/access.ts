import {
  createSecureContext,
  type SecureContextOptions,
  type TLSSocket,
  type TlsOptions,
} from 'node:tls';

/** How a client must identify itself by a certificate; the words of the exporters' web configuration. */
export type ClientAuth =
  | 'NoClientCert'
  | 'RequestClientCert'
  | 'RequireAnyClientCert'
  | 'VerifyClientCertIfGiven'
  | 'RequireAndVerifyClientCert';

export interface TlsMaterial {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  readonly clientCa: string | null;
  readonly clientAuth: ClientAuth;
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
}

/** Who may read what a server serves. */
export interface WebAccess {
  /** null: plain HTTP. */
  readonly tls: TlsMaterial | null;
  /** Bcrypt hash by user; null: nobody is asked. */
  readonly users: ReadonlyMap<string, string> | null;
}

/** What may change while the server runs. */
export function secureContextOf(tls: TlsMaterial): SecureContextOptions {
  return {
    cert: tls.cert,
    key: tls.key,
    minVersion: tls.minVersion,
    ...(tls.clientCa === null ? {} : { ca: tls.clientCa }),
  };
}

/** @throws {Error} of OpenSSL when certificate and key cannot be read or do not belong together. */
export function proveTls(tls: TlsMaterial): void {
  createSecureContext(secureContextOf(tls));
}

export function tlsOptionsOf(tls: TlsMaterial): TlsOptions {
  return {
    ...secureContextOf(tls),
    requestCert: tls.clientAuth !== 'NoClientCert',
    // The cases in between are judged by `isClientRefused`.
    rejectUnauthorized: tls.clientAuth === 'RequireAndVerifyClientCert',
  };
}

/** Whether a client that has shaken hands must be let go all the same. */
export function isClientRefused(socket: TLSSocket, clientAuth: ClientAuth): boolean {
  const isGiven = Object.keys(socket.getPeerCertificate()).length > 0;
  if (clientAuth === 'RequireAnyClientCert') return !isGiven;
  return clientAuth === 'VerifyClientCertIfGiven' && isGiven && !socket.authorized;
}
