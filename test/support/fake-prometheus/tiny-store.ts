import {
  matrixAnswer,
  vectorAnswer,
  type AskedQuery,
  type FakeReply,
  type FakeSeries,
} from './fake-prometheus.ts';

type Labels = Readonly<Record<string, string>>;
type Matcher = (labels: Labels) => boolean;

const lookbackSeconds = 300;

/** Answers the few forms of query that the project asks, from series in memory; faults are put around it. */
export class TinyStore {
  series: readonly FakeSeries[];
  /** The server's clock, Unix seconds. */
  nowSeconds: number;
  /** What `time()` says is this far from it, s. */
  toldAheadSeconds = 0;
  /** As of how long ago queries without a time are answered, and those whose time is nearer, s: VictoriaMetrics has 30. */
  latencySeconds = 0;
  hasDateHeader = true;
  /** A cache on the way tells `time()`, Date header included, as it was then; null: none does. */
  cachedAtSeconds: number | null = null;

  constructor(series: readonly FakeSeries[], nowSeconds: number) {
    this.series = series;
    this.nowSeconds = nowSeconds;
  }

  answer(query: AskedQuery, extra: Readonly<Record<string, unknown>> = {}): FakeReply {
    const isTime = query.form.get('query') === 'time()';
    const dateSeconds = (isTime ? this.cachedAtSeconds : null) ?? this.nowSeconds;
    const date = this.hasDateHeader ? new Date(dateSeconds * 1_000).toUTCString() : '-';
    return { headers: { date }, ...this.#answer(query, extra) };
  }

  #answer({ form }: AskedQuery, extra: Readonly<Record<string, unknown>>): FakeReply {
    const query = form.get('query') ?? '';
    const latest = this.nowSeconds - this.latencySeconds;
    const at = Math.min(
      Number(form.get('time') ?? latest),
      this.latencySeconds > 0 ? latest : Infinity,
    );
    if (query === 'time()') {
      const told = this.cachedAtSeconds ?? latest + this.toldAheadSeconds;
      return {
        body: `{"status":"success","data":{"resultType":"scalar","result":[${told},"${told}"]}}`,
      };
    }
    const counted = /^count by \(([^)]*)\) \((.*)\)$/.exec(query);
    if (counted !== null) {
      const present = this.#within(counted[2] ?? '', at);
      return { body: countBy((counted[1] ?? '').split(','), present, at, extra) };
    }
    if (query.endsWith(']')) return { body: matrixAnswer(this.#within(query, at), extra) };
    const vector = this.#within(query, at).map(({ metric, values }) => ({
      metric,
      value: [at, values.at(-1)?.[1] ?? ''] as const,
    }));
    return { body: vectorAnswer(vector, extra) };
  }

  /** Series that match, cut to the range of the expression; without one, to the look-back. */
  #within(expression: string, at: number): FakeSeries[] {
    const [, selector = '', , amount, unit] =
      /(\{.*?[^\\]"\})(\[(\d+)(ms|s)\])?/.exec(expression) ?? [];
    const seconds =
      amount === undefined ? lookbackSeconds : Number(amount) / (unit === 'ms' ? 1_000 : 1);
    const matches = matchersOf(selector);
    return this.series
      .filter(({ metric }) => matches.every((matcher) => matcher(metric)))
      .map(({ metric, values }) => ({
        metric,
        values: values.filter(([time]) => time > at - seconds && time <= at),
      }))
      .filter(({ values }) => values.length > 0);
  }
}

function matchersOf(selector: string): Matcher[] {
  return [...selector.matchAll(/(\w+)(=~|=)"((?:[^"\\]|\\.)*)"/g)].map(
    ([, label = '', operator, quoted = '']) => {
      const text = quoted.replaceAll(/\\(.)/g, (_all, char: string) =>
        char === 'n' ? '\n' : char,
      );
      if (operator === '=') return (labels) => (labels[label] ?? '') === text;
      const expression = new RegExp(`^(?:${text})$`);
      return (labels) => expression.test(labels[label] ?? '');
    },
  );
}

function countBy(
  names: readonly string[],
  series: readonly FakeSeries[],
  at: number,
  extra: Readonly<Record<string, unknown>>,
): string {
  const groups = new Map<string, { metric: Record<string, string>; count: number }>();
  for (const { metric } of series) {
    const kept = Object.fromEntries(
      names.flatMap((name) => (metric[name] === undefined ? [] : [[name, metric[name]]])),
    ) as Record<string, string>;
    const key = JSON.stringify(kept);
    const group = groups.get(key) ?? { metric: kept, count: 0 };
    group.count += 1;
    groups.set(key, group);
  }
  return vectorAnswer(
    [...groups.values()].map(({ metric, count }) => ({
      metric,
      value: [at, String(count)] as const,
    })),
    extra,
  );
}
