import { describe, expect, it } from 'vitest';
import { PrometheusError } from '../../prometheus/errors.ts';
import { problemOf } from '../controller-status.ts';
import { ProblemBook } from './problem-book.ts';

describe('controller/usage/problem-book', () => {
  it('passes no control characters on, wherever they came from', () => {
    const problems = new ProblemBook();
    const error = new PrometheusError('query_failed', 'execution: \u001b[2Jgone');
    problems.failed('windows', error);
    problems.partial('list', ['store \u0000b is down']);
    problems.count('ambiguous_series', 'GPU-1 at node\u0001instance\u009b1m', 'once');
    problems.note({ code: 'unmatched_series', detail: 'instance=a\r\nb' });
    const details = [...problems.list(), problemOf(error)].map(({ detail }) => detail);
    expect(details).toEqual([
      'windows: execution:  [2Jgone',
      'list: store  b is down',
      'instance=a  b',
      'GPU-1 at node instance 1m',
      'execution:  [2Jgone',
    ]);
  });
});
