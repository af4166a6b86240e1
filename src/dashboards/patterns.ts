import type { ValueMapping } from './grafana/json.ts';
import { perDevice } from './promql/devices.ts';

interface PatternLook {
  readonly code: number;
  readonly color: string;
  /** What people are told, where it is not the value itself. */
  readonly term?: string;
}

/** The usage patterns, as docs/ANNOTATIONS.md explains them; the code is a number for panels that show states. Waste is orange, work green. */
export const patterns: Readonly<Record<string, PatternLook>> = {
  idle: { code: 1, color: '#8e8e8e' },
  'alloc-idle': { code: 2, color: '#ff9830', term: 'held idle' },
  cyclic: { code: 3, color: '#56a64b' },
  steady: { code: 4, color: '#3274d9' },
  bursty: { code: 5, color: '#b877d9' },
  transition: { code: 6, color: '#f2cc0c' },
  others: { code: 7, color: '#5ec4d8' },
};

/** By what legends show. */
export const patternColors: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(patterns).map(([name, { color, term }]) => [term ?? name, color]),
);

/** The expression with the label `pattern` as people are told it: for legends. */
export function withPatternTerms(expr: string): string {
  return Object.entries(patterns).reduce(
    (inner, [name, { term }]) =>
      term === undefined
        ? inner
        : `label_replace(${inner}, "pattern", "${term}", "pattern", "${name}")`,
    expr,
  );
}

export const jobTypeColors: Readonly<Record<string, string>> = {
  DLT: '#56a64b',
  Others: '#3274d9',
  Empty: '#8e8e8e',
  Unknown: '#e02f44',
};

/** The pattern of each device as its code. */
export function patternCode(matchers: readonly string[]): string {
  return Object.entries(patterns)
    .map(([name, { code }]) => {
      const found = perDevice('gpu_usage_pattern_info', [...matchers, `pattern="${name}"`]);
      return `${code} * ${found}`;
    })
    .join(' or ');
}

export const patternMapping: ValueMapping = {
  type: 'value',
  options: Object.fromEntries(
    Object.entries(patterns).map(([name, { code, color, term }], index) => [
      String(code),
      { text: term ?? name, color, index },
    ]),
  ),
};
