import { UsageError } from '../lib/errors.ts';

/** One thing that is wrong with the configuration, and what to do about it. */
export interface Problem {
  readonly message: string;
  readonly hint?: string;
}

/** All problems as one error, so that they can be mended in one go. */
export function usageErrorOf(problems: readonly Problem[], helpCommand: string): UsageError {
  const [first] = problems;
  const fallback = `All options and their forms: ${helpCommand}`;
  if (first !== undefined && problems.length === 1) {
    return new UsageError(first.message, { hint: first.hint ?? fallback });
  }
  const lines = problems.map(({ message, hint }) =>
    hint === undefined ? `  - ${message}` : `  - ${message}\n    ${hint}`,
  );
  return new UsageError([`${problems.length} problems in the configuration`, ...lines].join('\n'), {
    hint: fallback,
  });
}
