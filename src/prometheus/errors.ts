import { CodedError } from '../lib/errors.ts';

export const prometheusErrorCodes = [
  'unreachable',
  'timeout',
  'tls_failed',
  'file_unreadable',
  'unauthorized',
  'too_much',
  'busy',
  'starting',
  'not_prometheus',
  'truncated',
  'query_failed',
  'server_failed',
  'body_too_large',
] as const;
export type PrometheusErrorCode = (typeof prometheusErrorCodes)[number];

const hints: Readonly<Record<PrometheusErrorCode, string>> = {
  unreachable:
    'Check prometheus.url, that Prometheus runs, and that a network policy lets the controller reach it.',
  timeout: 'Prometheus is slow or overloaded: look at its load, or raise prometheus.timeout.',
  tls_failed:
    'Give the authority that signed its certificate as prometheus.ca-file, and check prometheus.cert-file and prometheus.key-file.',
  file_unreadable: 'Check that the file exists and that this user may read it.',
  unauthorized:
    'Check prometheus.bearer-token-file or prometheus.basic-auth, and what this user may query there.',
  too_much:
    'The query is over a limit of Prometheus (--query.max-samples or a limit of the proxy in front): smaller prometheus.shard-bytes or a shorter window need less.',
  busy: 'Too many queries at once for Prometheus: lower prometheus.in-flight.',
  starting: 'Prometheus is starting (reading its write-ahead log): it will answer by itself.',
  not_prometheus:
    'Something else answers there: check prometheus.url with its base path (http://host/prometheus), and that no login page stands in front.',
  truncated:
    'The answer was cut off on its way: look for a proxy with a size or time limit in front of Prometheus.',
  query_failed: 'See the message of Prometheus.',
  server_failed:
    'The server failed, not the way to it: look at the log of Prometheus, and at that of a proxy in front of it.',
  body_too_large: 'Raise prometheus.max-body-bytes, or lower prometheus.shard-bytes.',
};

/** Why a query brought nothing; always with a hint. */
export class PrometheusError extends CodedError<PrometheusErrorCode> {
  override readonly name = 'PrometheusError';

  constructor(
    code: PrometheusErrorCode,
    message: string,
    options: { cause?: unknown; hint?: string } = {},
  ) {
    super(code, message, { ...options, hint: options.hint ?? hints[code] });
  }
}

const wholeServer: ReadonlySet<PrometheusErrorCode> = new Set([
  'unreachable',
  'tls_failed',
  'file_unreadable',
  'unauthorized',
  'busy',
  'starting',
  'not_prometheus',
]);

/** True where another query to the same server would fail the same way, so that asking on is only load. */
export function concernsWholeServer(code: PrometheusErrorCode): boolean {
  return wholeServer.has(code);
}

/** True where a smaller query may succeed. */
export function helpedBySmallerQuery(code: PrometheusErrorCode): boolean {
  return (
    code === 'too_much' || code === 'timeout' || code === 'body_too_large' || code === 'truncated'
  );
}
