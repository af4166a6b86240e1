import { CodedError, messageOf, UsageError } from '../lib/errors.ts';
import { printableLines } from '../lib/control-characters.ts';

/** What a user is told about an error that ends the program, and its exit code: 2 for wrong use, 1 for the rest. */
export function describeFailure(error: unknown): {
  readonly text: string;
  readonly exitCode: number;
} {
  if (error instanceof CodedError) {
    const hint = error.hint === undefined || error.hint === '' ? '' : `\n  ${error.hint}`;
    const message = error instanceof UsageError ? error.message : messageOf(error);
    return {
      text: printableLines(`gpu-profiler: ${message}${hint}\n`),
      exitCode: error instanceof UsageError ? 2 : 1,
    };
  }
  // Nobody foresaw it: the stack is what a report of the fault needs.
  const stack = error instanceof Error ? (error.stack ?? messageOf(error)) : messageOf(error);
  const text = `gpu-profiler: unexpected error: ${messageOf(error)}\n${stack}\n`;
  return { text: printableLines(text), exitCode: 1 };
}
