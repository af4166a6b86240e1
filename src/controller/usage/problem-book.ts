import { withoutControls } from '../../lib/control-characters.ts';
import { PrometheusError } from '../../prometheus/errors.ts';
import type { ShardedOutcome } from '../../prometheus/sharded-query.ts';
import type { UsageProblem } from '../usage-source.ts';

/** Collects what was wrong in one read, each kind once with a count and an example. */
export class ProblemBook {
  readonly #counted = new Map<string, { count: number; example: string; hint: string }>();
  readonly #problems: UsageProblem[] = [];
  #complete = true;

  get complete(): boolean {
    return this.#complete;
  }

  /** A query failed: absences mean nothing in this read. */
  failed(what: string, error: PrometheusError): void {
    this.#complete = false;
    this.#problems.push({
      code: error.code,
      detail: `${what}: ${error.message}`,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }

  /** Answers came, but with warnings. */
  partial(what: string, warnings: readonly string[]): void {
    if (warnings.length === 0) return;
    this.#complete = false;
    const more = warnings.length > 1 ? ` (and ${warnings.length - 1} more)` : '';
    this.#problems.push({
      code: 'partial_answer',
      detail: `${what}: ${warnings[0]}${more}`,
      hint: 'Part of the data may be missing: what is there is used, what is absent counts as unknown.',
    });
  }

  sharded(what: string, { failures, warnings }: ShardedOutcome): void {
    this.partial(what, warnings);
    for (const [code, group] of Map.groupBy(failures, ({ error }) => error.code)) {
      const items = group.reduce((sum, failure) => sum + failure.items.length, 0);
      const error = group[0]?.error ?? new PrometheusError(code, 'failed');
      this.failed(`${what}, ${items} of the targets or GPUs`, error);
    }
  }

  /** Something about one GPU or target that is worth telling, but in one line for all of them. */
  count(code: string, example: string, hint: string): void {
    const entry = this.#counted.get(code);
    if (entry === undefined) this.#counted.set(code, { count: 1, example, hint });
    else entry.count += 1;
  }

  /** Absences mean nothing in this read. */
  incomplete(problem: UsageProblem): void {
    this.#complete = false;
    this.#problems.push(problem);
  }

  note(problem: UsageProblem): void {
    this.#problems.push(problem);
  }

  list(): UsageProblem[] {
    const counted = [...this.#counted].map(([code, { count, example, hint }]) => ({
      code,
      detail: count === 1 ? example : `${count} times, such as ${example}`,
      hint,
    }));
    // Labels and messages come from outside.
    return [...this.#problems, ...counted].map((problem) => ({
      ...problem,
      detail: withoutControls(problem.detail),
    }));
  }
}
