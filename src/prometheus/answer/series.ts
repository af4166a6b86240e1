import { PrometheusError } from '../errors.ts';

/** One sample as it stands in the answer: Unix seconds and the value as text. */
export type Point = readonly [timeSeconds: number, value: string];

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** Oldest first; one point in an instant vector, none for a series of native histograms. */
  readonly points: readonly Point[];
}

/**
 * Vector, matrix or scalar as a list of series.
 * @throws {PrometheusError} `not_prometheus` when the data has another shape.
 */
export function readSeries(data: unknown): Series[] {
  if (!isRecord(data)) throw unexpected('no data');
  const { resultType, result } = data;
  if (resultType === 'scalar') {
    if (!isPoint(result)) throw unexpected('a scalar without a point');
    return [{ labels: {}, points: [result] }];
  }
  if ((resultType !== 'vector' && resultType !== 'matrix') || !Array.isArray(result)) {
    throw unexpected(`a result of type ${String(resultType)}`);
  }
  return result.map((entry: unknown) => readEntry(entry));
}

/** The number in a sample; the API writes infinities as `+Inf` and `-Inf`. */
export function sampleValue(text: string): number {
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  return Number(text);
}

function readEntry(entry: unknown): Series {
  if (!isRecord(entry) || !isRecord(entry['metric'])) throw unexpected('an entry without labels');
  const labels = entry['metric'] as Record<string, string>;
  const { value, values } = entry;
  // Only the first point is looked at: checking millions of them would cost more than parsing them.
  if (Array.isArray(values)) {
    if (values.length > 0 && !isPoint(values[0])) throw unexpected('points of another shape');
    return { labels, points: values as Point[] };
  }
  return { labels, points: isPoint(value) ? [value] : [] };
}

export function isPoint(value: unknown): value is Point {
  return Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function unexpected(what: string): PrometheusError {
  return new PrometheusError('not_prometheus', `the answer has an unexpected shape: ${what}`);
}
