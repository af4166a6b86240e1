import { describe, expect, it } from 'vitest';
import { jobTypeOf } from './job-type.ts';
import { patterns } from './verdict.ts';

describe('analysis/job-type', () => {
  it('is DLT only for a firm cycle', () => {
    expect(jobTypeOf({ pattern: 'cyclic', tentative: false })).toBe('DLT');
    expect(jobTypeOf({ pattern: 'cyclic', tentative: true })).toBe('Others');
  });

  it('covers every pattern', () => {
    const types = patterns.map((pattern) => [pattern, jobTypeOf({ pattern, tentative: false })]);
    expect(Object.fromEntries(types)).toEqual({
      idle: 'Empty',
      'alloc-idle': 'Empty',
      cyclic: 'DLT',
      steady: 'Others',
      bursty: 'Others',
      transition: 'Others',
      others: 'Others',
      insufficient: null,
      unknown: 'Unknown',
    });
  });
});
