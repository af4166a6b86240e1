import type { Panel, Target } from '../../../src/dashboards/dashboards.ts';
import { parseDurationMs } from '../../../src/lib/duration.ts';
import { everything, interpolate } from './expressions.ts';

/** Points of one series: [Unix seconds, value as text]. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [number, string])[];
}

export interface QueryRange {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly stepSeconds: number;
  /** What `$__rate_interval` stands for: four scrapes; default 20. */
  readonly rateIntervalSeconds?: number;
}

/** Asks Prometheus what Grafana would ask for a query of a panel, with all variables at "all" unless given. */
export async function runTarget(
  url: string,
  panel: Panel,
  target: Target,
  range: QueryRange,
  values: Readonly<Record<string, string>> = everything,
): Promise<readonly Series[]> {
  const expr = interpolate(target.expr, values, {
    rateInterval: `${range.rateIntervalSeconds ?? 20}s`,
    range: `${Math.round(range.toSeconds - range.fromSeconds)}s`,
  });
  if (target.instant === true) {
    return query(url, 'query', { query: expr, time: String(range.toSeconds) });
  }
  return query(url, 'query_range', { query: expr, ...timesOf(panel, range) });
}

/** A panel with a range of its own has steps of its own too, at round times, as Grafana does it. */
function timesOf(panel: Panel, range: QueryRange): Record<'start' | 'end' | 'step', string> {
  const { fromSeconds, toSeconds, stepSeconds } = range;
  if (panel.timeFrom === undefined) {
    return { start: String(fromSeconds), end: String(toSeconds), step: String(stepSeconds) };
  }
  const step = parseDurationMs(panel.interval ?? '1h') / 1_000;
  const round = (seconds: number): string => String(Math.floor(seconds / step) * step);
  const length = parseDurationMs(panel.timeFrom) / 1_000;
  return { start: round(toSeconds - length), end: round(toSeconds), step: String(step) };
}

/** @throws with Prometheus' message where it refuses the expression. */
export async function query(
  url: string,
  what: 'query' | 'query_range',
  parameters: Readonly<Record<string, string>>,
): Promise<readonly Series[]> {
  const response = await fetch(`${url}/api/v1/${what}`, {
    method: 'POST',
    body: new URLSearchParams(parameters),
    signal: AbortSignal.timeout(30_000),
  });
  const answer = (await response.json()) as {
    error?: string;
    data?: {
      result: {
        metric: Record<string, string>;
        value?: [number, string];
        values?: [number, string][];
      }[];
    };
  };
  if (answer.data === undefined) throw new Error(`${parameters['query']}: ${answer.error}`);
  return answer.data.result.map(({ metric, value, values }) => ({
    metric,
    points: values ?? (value === undefined ? [] : [value]),
  }));
}
