import type { Panel, Target } from '../../../src/dashboards/dashboards.ts';
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
    rateInterval: '20s',
    range: `${Math.round(range.toSeconds - range.fromSeconds)}s`,
  });
  if (target.instant === true) return query(url, 'query', { query: expr });
  const from = panel.timeFrom === undefined ? range.fromSeconds : range.toSeconds - 86_400;
  // Short ranges are asked more finely than a panel would, so that a few minutes show something.
  const step = panel.timeFrom === undefined ? range.stepSeconds : 3_600;
  return query(url, 'query_range', {
    query: expr,
    start: String(from),
    end: String(range.toSeconds),
    step: String(step),
  });
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
