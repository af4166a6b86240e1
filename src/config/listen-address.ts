import type { ListenAddress } from './option-spec.ts';

/** `:9876`, `127.0.0.1:9876`, `node-3:0`, `[::1]:9876`; null for anything else. */
export function parseListenAddress(text: string): ListenAddress | null {
  const match = /^(?:\[(?<six>[0-9a-fA-F:.%\w]+)\]|(?<host>[^:\s[\]/]*)):(?<port>\d{1,5})$/.exec(
    text,
  );
  if (match?.groups === undefined) return null;
  const port = Number(match.groups['port']);
  if (port > 65_535) return null;
  const host = match.groups['six'] ?? match.groups['host'] ?? '';
  return Object.freeze({ host: host === '' ? null : host, port });
}

/** The notation that parseListenAddress reads. */
export function formatListenAddress({ host, port }: ListenAddress): string {
  if (host === null) return `:${port}`;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
