import { codeOf, messageOf } from '../../lib/errors.ts';
import { PrometheusError } from '../errors.ts';

const resetCodes = new Set(['ECONNRESET', 'EPIPE']);
const timeoutCodes = new Set(['ETIMEDOUT', 'ESOCKETTIMEDOUT', 'ECONNABORTED']);
const tlsCode =
  /^(?:ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|EPROTO$|HOSTNAME_)/;

const hints: Readonly<Record<string, string>> = {
  ENOTFOUND:
    'The name does not resolve: check the host in prometheus.url; from another namespace a Service is NAME.NAMESPACE.svc.',
  EAI_AGAIN:
    'The name server does not answer: look at the DNS of the cluster and at network policies.',
  ECONNREFUSED:
    'Nothing listens there: does Prometheus run, and is the port in prometheus.url the right one?',
  ECONNRESET:
    'The connection was cut: look for a proxy or service mesh in between, and whether the port wants https.',
};

/** A connection that the server closed while it was idle: the same query may be asked again at once. */
export function isReset(error: unknown): boolean {
  return resetCodes.has(codeOf(error) ?? '');
}

/** What failed below HTTP, before or instead of an answer. `where` names the server without credentials. */
export function transportFailure(error: unknown, where: string): PrometheusError {
  if (error instanceof PrometheusError) return error;
  const code = codeOf(error) ?? '';
  const cause = messageOf(error) === '' ? code : messageOf(error);
  if (tlsCode.test(code)) {
    return new PrometheusError('tls_failed', `TLS with ${where} failed (${code})`, { cause });
  }
  if (timeoutCodes.has(code)) {
    return new PrometheusError('timeout', `no connection to ${where} in time`, { cause });
  }
  const hint = hints[code];
  return new PrometheusError('unreachable', `cannot reach Prometheus at ${where}`, {
    ...(hint === undefined ? {} : { hint }),
    cause: code === 'ENOTFOUND' ? `the name is unknown (${cause})` : cause,
  });
}
