import { UsageError } from './errors.ts';

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const pattern = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;

/**
 * Milliseconds of a duration such as `30s`, `1m30s`, `250ms`, `1.5h` (the notation of Prometheus, fractions allowed).
 * @throws {UsageError} for anything else, a bare number included: `30` does not say of what.
 */
export function parseDurationMs(text: string): number {
  if (!pattern.test(text)) {
    throw new UsageError(`"${text}" is not a duration`, {
      hint: 'Write a number and a unit: 250ms, 30s, 5m, 1h, 1m30s.',
    });
  }
  let totalMs = 0;
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/gy)) {
    totalMs += Number(count) * unitMs[unit as keyof typeof unitMs];
  }
  return totalMs;
}

/** The shortest exact notation of whole milliseconds: 90000 → `1m30s`. */
export function formatDurationMs(ms: number): string {
  if (ms === 0) return '0s';
  let rest = Math.round(ms);
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const count = Math.floor(rest / unitMs[unit]);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * unitMs[unit];
  }
  return text;
}
