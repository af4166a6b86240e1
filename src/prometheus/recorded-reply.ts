import { isPoint, readSeries, type Series } from './answer/series.ts';
import { PrometheusError } from './errors.ts';

/** Of the year 5138: what lies beyond is no Unix time in seconds. */
const mostSeconds = 1e11;

/**
 * The series of a recorded answer of `/api/v1/query` or `/api/v1/query_range`: the whole answer, or its `data` alone.
 * @throws {PrometheusError} when the answer tells of an error, or is of another shape
 */
export function readRecordedReply(answer: unknown): Series[] {
  if (typeof answer !== 'object' || answer === null) {
    throw new PrometheusError('not_prometheus', 'it is JSON, but no answer of the query API');
  }
  if ('status' in answer && answer.status !== 'success') {
    const error = 'error' in answer ? String(answer.error) : String(answer.status);
    throw new PrometheusError('query_failed', `the answer tells of an error: ${error}`);
  }
  const series = readSeries('data' in answer ? answer.data : answer);
  for (const { points } of series) for (const point of points) check(point);
  return series;
}

/** A file may have been edited, or made by another program. */
function check(point: unknown): void {
  if (isPoint(point) && Math.abs(point[0]) <= mostSeconds) return;
  const seen = JSON.stringify(point).slice(0, 60);
  throw new PrometheusError('not_prometheus', `${seen} is no point such as [1767225600, "50"]`);
}
