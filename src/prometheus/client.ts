import { systemClock, type Clock } from '../lib/clock.ts';
import { readEnvelope, type Envelope } from './answer/envelope.ts';
import { readSeries, sampleValue, type Series } from './answer/series.ts';
import { PrometheusError } from './errors.ts';
import { Transport, type Reply, type Request } from './http/transport.ts';
import type { PrometheusOptions } from './prometheus-options.ts';
import { QueryMeter, type QueryCosts } from './query-costs.ts';

export { sampleValue, type Series } from './answer/series.ts';

export interface QueryResult {
  readonly series: readonly Series[];
  /** True: what is there is good, but what is absent may only not have been delivered. */
  readonly partial: boolean;
  /** Why it is partial. */
  readonly warnings: readonly string[];
  /** Size of the answer, decompressed. */
  readonly bytes: number;
}

/** Unix seconds. */
export interface ServerTime {
  /** As an expression is evaluated now: `time()`. */
  readonly seconds: number;
  /** Of the answer's Date header, whole seconds; null without a readable one. Not of Prometheus where a proxy writes its own. */
  readonly dateSeconds: number | null;
}

/** All methods reject with PrometheusError, or with the reason of `signal` when that aborts. */
export interface PrometheusClient {
  /** Server without credentials, for messages. */
  readonly where: string;
  /** Instant query; a range selector in it returns raw samples. `timeSeconds` absent: the server's now. */
  query(expression: string, options: InstantOptions): Promise<QueryResult>;
  serverTime(signal: AbortSignal): Promise<ServerTime>;
  costs(): QueryCosts;
  close(): void;
}

export interface InstantOptions {
  readonly signal: AbortSignal;
  readonly timeSeconds?: number;
  /** Most series to return (Prometheus 3; a cut is told as partial). */
  readonly limit?: number;
}

/** @throws {PrometheusError} when the options cannot be used; nothing is opened yet. */
export function createPrometheusClient(
  options: PrometheusOptions,
  clock: Clock = systemClock,
): PrometheusClient {
  const transport = new Transport(options);
  const meter = new QueryMeter();

  const ask = async <Result>(
    request: Request,
    read: (envelope: Envelope, bytes: number, reply: Reply) => Result,
  ): Promise<Result> => {
    const startedMs = clock.monotonicMs();
    let bytes = 0;
    const count = (outcome: Parameters<QueryMeter['count']>[0]): void =>
      meter.count(outcome, bytes, (clock.monotonicMs() - startedMs) / 1_000);
    try {
      const reply = await transport.send(request);
      bytes = reply.body.length;
      const result = read(readEnvelope(reply), bytes, reply);
      count('ok');
      return result;
    } catch (error) {
      count(error instanceof PrometheusError ? error.code : 'aborted');
      throw error;
    }
  };

  const seriesOf = (envelope: Envelope, bytes: number): QueryResult => {
    const partial = envelope.warnings.length > 0;
    if (partial) meter.countPartial();
    return { series: readSeries(envelope.data), partial, warnings: envelope.warnings, bytes };
  };

  const formOf = (expression: string): URLSearchParams =>
    new URLSearchParams({ query: expression, timeout: `${options.timeoutMs}ms` });

  const query: PrometheusClient['query'] = async (expression, { signal, timeSeconds, limit }) => {
    const form = formOf(expression);
    if (timeSeconds !== undefined) form.set('time', String(timeSeconds));
    if (limit !== undefined) form.set('limit', String(limit));
    return await ask({ path: '/api/v1/query', form, signal }, seriesOf);
  };

  return {
    where: transport.where,
    query,
    serverTime: async (signal) =>
      await ask({ path: '/api/v1/query', form: formOf('time()'), signal }, serverTimeOf),
    costs: () => meter.read(),
    close: () => transport.close(),
  };
}

function serverTimeOf(envelope: Envelope, _bytes: number, { date }: Reply): ServerTime {
  const [series] = readSeries(envelope.data);
  const seconds = sampleValue(series?.points[0]?.[1] ?? '');
  if (!Number.isFinite(seconds)) {
    throw new PrometheusError('not_prometheus', 'the server does not tell its time');
  }
  const dateMs = Date.parse(date);
  return { seconds, dateSeconds: Number.isFinite(dateMs) ? dateMs / 1_000 : null };
}
