import { PrometheusError, type PrometheusErrorCode } from '../errors.ts';
import type { Reply } from '../http/transport.ts';

/** A successful answer of the API, its data not yet looked at. */
export interface Envelope {
  readonly data: unknown;
  /** Texts that say something is missing; empty when the answer is whole. `infos` are no such texts and are left out. */
  readonly warnings: readonly string[];
}

const overLimit = /too many|too long|too large|exceed|limit|maximum/i;
const timedOut = /timed? ?out|deadline/i;

/**
 * Tells an answer of the API from everything else that may stand at its address.
 * @throws {PrometheusError} classified by status, content and the error the API names.
 */
export function readEnvelope(reply: Reply): Envelope {
  const early = statusFailure(reply);
  if (early !== null) throw early;
  const text = reply.body.toString('utf8');
  const parsed = parseJson(text);
  if (parsed === undefined) throw nonJsonFailure(reply, text);
  if (typeof parsed !== 'object' || parsed === null || !('status' in parsed)) {
    if (reply.status >= 500) throw serverFailure(reply, text);
    throw new PrometheusError('not_prometheus', 'the answer is JSON, but not of the query API');
  }
  if (parsed.status !== 'success') throw apiFailure(reply.status, parsed);
  return { data: 'data' in parsed ? parsed.data : undefined, warnings: warningsOf(parsed) };
}

/** Failures that the status alone tells, whatever the body. */
function statusFailure({ status, location }: Reply): PrometheusError | null {
  if (status === 401 || status === 403) {
    return new PrometheusError('unauthorized', `Prometheus refused the credentials (${status})`);
  }
  if (status === 407 || (status >= 300 && status < 400)) {
    const target = location === '' ? '' : ` to ${location}`;
    return new PrometheusError('not_prometheus', `redirected${target} (${status})`, {
      hint: 'Redirects are not followed: give the final address as prometheus.url; if it is a login page, a token is needed.',
    });
  }
  if (status === 413 || status === 414) {
    return new PrometheusError('too_much', `the query is too long for the server (${status})`);
  }
  if (status === 429) return new PrometheusError('busy', 'too many queries at once (429)');
  if (status === 504) return new PrometheusError('timeout', 'a proxy gave up waiting (504)');
  return null;
}

function nonJsonFailure(reply: Reply, text: string): PrometheusError {
  const start = text.trimStart();
  const shown = JSON.stringify(start.slice(0, 80));
  if (reply.status >= 500) return serverFailure(reply, start);
  if (start.startsWith('<')) {
    return new PrometheusError('not_prometheus', `an HTML page came back (${reply.status})`);
  }
  if (start.startsWith('{') && reply.status < 400) {
    return new PrometheusError('truncated', `the JSON ends after ${reply.body.length} bytes`);
  }
  return new PrometheusError('not_prometheus', `no JSON came back (${reply.status}): ${shown}`);
}

/** An answer of 5xx that the API did not give. */
function serverFailure({ status }: Reply, text: string): PrometheusError {
  const shown = JSON.stringify(text.slice(0, 80));
  const isPage = text.startsWith('<');
  // Prometheus itself says so in plain text while it reads its log; a page comes from a proxy.
  if (status === 503 && !isPage) {
    return new PrometheusError('starting', `Prometheus is not ready: ${shown}`);
  }
  if (status === 502 || status === 503) {
    return new PrometheusError('unreachable', `a proxy cannot reach Prometheus (${status})`, {
      hint: 'The proxy in front answers, Prometheus behind it does not: does it run, and does the proxy know where?',
    });
  }
  return new PrometheusError('server_failed', `the server failed (${status}): ${shown}`);
}

function apiFailure(status: number, answer: object): PrometheusError {
  const type = 'errorType' in answer ? String(answer.errorType) : 'unknown';
  const text = 'error' in answer ? String(answer.error) : 'no message';
  return new PrometheusError(apiCode(status, type, text), `${type}: ${text} (${status})`);
}

function apiCode(status: number, type: string, text: string): PrometheusErrorCode {
  if (type === 'timeout' || type === 'canceled' || timedOut.test(text)) return 'timeout';
  if (overLimit.test(text)) return 'too_much';
  if (status === 503 || type === 'unavailable') return 'starting';
  return 'query_failed';
}

/** Warnings (Prometheus, Thanos) and `isPartial` (VictoriaMetrics cluster) both mean that series may be absent. */
function warningsOf(answer: object): string[] {
  const warnings =
    'warnings' in answer && Array.isArray(answer.warnings) ? answer.warnings.map(String) : [];
  if ('isPartial' in answer && answer.isPartial === true) warnings.push('isPartial');
  return warnings;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
