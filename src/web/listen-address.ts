import { CodedError, codeOf, messageOf } from '../lib/errors.ts';

/** Where to listen. `host` null: on all addresses of the machine. Port 0: any free port. */
export interface ListenAddress {
  readonly host: string | null;
  readonly port: number;
}

/** `HOST:PORT` as in the option, an IPv6 address in brackets: `:9876`, `127.0.0.1:9876`, `[::1]:9876`. */
export function formatAddress({ host, port }: ListenAddress): string {
  if (host === null) return `:${port}`;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

export type ListenErrorCode =
  'address_in_use' | 'address_not_allowed' | 'address_not_here' | 'listen_failed';

export class ListenError extends CodedError<ListenErrorCode> {
  override readonly name = 'ListenError';
}

/** Says what listening failed of and what to do. */
export function listenError(error: unknown, address: ListenAddress): ListenError {
  const shown = formatAddress(address);
  const choose = 'choose another with --web.listen-address HOST:PORT (port 0: any free one)';
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new ListenError('address_in_use', `cannot listen on ${shown}: it is taken`, {
        cause: error,
        hint: `Another gpu-profiler or exporter may hold it: "ss -ltnp sport = :${address.port}" shows which. Stop it, or ${choose}.`,
      });
    case 'EACCES':
    case 'EPERM':
      return new ListenError(
        'address_not_allowed',
        `cannot listen on ${shown}: no permission for this port`,
        {
          cause: error,
          hint: `Ports below 1024 need a privilege; ${choose}.`,
        },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ListenError(
        'address_not_here',
        `cannot listen on ${shown}: this machine has no such address`,
        { cause: error, hint: `Leave out the host to listen on all addresses, or ${choose}.` },
      );
    default:
      return new ListenError('listen_failed', `cannot listen on ${shown}: ${messageOf(error)}`, {
        cause: error,
        hint: `Or ${choose}.`,
      });
  }
}
