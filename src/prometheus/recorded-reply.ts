import { readSeries, type Series } from './answer/series.ts';
import { PrometheusError } from './errors.ts';

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
  return readSeries('data' in answer ? answer.data : answer);
}
