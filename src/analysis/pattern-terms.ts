import type { Pattern } from './verdict.ts';

/** What people are told for a pattern, in every table, page, plain text and dashboard; contracts keep the value itself. */
export const patternTerms: Readonly<Record<Pattern, string>> = {
  idle: 'idle',
  'alloc-idle': 'held idle',
  cyclic: 'cyclic',
  steady: 'steady',
  bursty: 'bursty',
  transition: 'transition',
  others: 'others',
  insufficient: 'too little data',
  unknown: 'unknown',
};
