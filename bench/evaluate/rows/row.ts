import type { Score } from './scores.ts';
import { wilson } from './wilson.ts';

/** One line of the table, and one object of the JSON. Rates are fractions. */
export interface Row {
  readonly name: string;
  /** Null where the data hold nothing to measure it on. */
  readonly value: number | null;
  /** The Alnair rule on the identical series; null where it has no such answer. */
  readonly alnair: number | null;
  readonly numerator: number;
  readonly denominator: number;
  /** Wilson's 95 % interval; null for what is not a rate. */
  readonly low: number | null;
  readonly high: number | null;
  readonly target: number | null;
  /** Null without a target or without a value. */
  readonly ok: boolean | null;
}

export interface Target {
  readonly target: number;
  readonly better: 'low' | 'high';
}

export const atMost = (target: number): Target => ({ target, better: 'low' });
export const atLeast = (target: number): Target => ({ target, better: 'high' });

/** A share of cases, or a mean of shares. */
export function rateRow(name: string, score: Score | null | undefined, target?: Target): Row {
  const interval = wilson(score?.sum ?? 0, score?.total ?? 0);
  return {
    ...meanRow(name, score, target),
    low: interval?.low ?? null,
    high: interval?.high ?? null,
  };
}

/** A mean of anything. */
export function meanRow(name: string, score: Score | null | undefined, target?: Target): Row {
  const { sum = 0, total = 0, alnair = Number.NaN } = score ?? {};
  return valueRow(
    name,
    total > 0 ? sum / total : null,
    {
      numerator: sum,
      denominator: total,
      alnair: total > 0 && Number.isFinite(alnair) ? alnair / total : null,
    },
    target,
  );
}

/** A figure that is no mean, such as a median or a time. */
export function valueRow(
  name: string,
  value: number | null,
  of: { readonly numerator: number; readonly denominator: number; readonly alnair?: number | null },
  target?: Target,
): Row {
  return {
    name,
    value,
    alnair: of.alnair ?? null,
    numerator: of.numerator,
    denominator: of.denominator,
    low: null,
    high: null,
    target: target?.target ?? null,
    ok: target === undefined || value === null ? null : meets(value, target),
  };
}

function meets(value: number, { target, better }: Target): boolean {
  // A sum of shares that are each exact may miss its limit by a rounding.
  const slack = 1e-12;
  return better === 'low' ? value <= target + slack : value >= target - slack;
}

/** The middle figure; null without any. */
export function medianRow(name: string, score: Score | null | undefined, target?: Target): Row {
  const ascending = (score?.values ?? []).toSorted((a, b) => a - b);
  const median = ascending[(ascending.length - 1) >> 1] ?? null;
  return valueRow(name, median, { numerator: median ?? 0, denominator: ascending.length }, target);
}
