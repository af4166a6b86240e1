import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../src/lib/errors.ts';

export interface WaitOptions {
  /** What is waited for, for the message when it does not come. */
  readonly what: string;
  readonly timeoutMs: number;
  readonly everyMs?: number;
  /** Anything that helps to see why it did not come. */
  readonly context?: () => string;
}

/**
 * Asks again and again until `probe` returns something other than undefined or false, and returns that.
 * A probe that throws counts as "not yet"; the last error is in the message of the time-out.
 */
export async function waitUntil<T>(
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  options: WaitOptions,
): Promise<T> {
  const deadlineMs = performance.now() + options.timeoutMs;
  let problem = '';
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== false) return value;
      problem = '';
    } catch (error) {
      if (error instanceof GivenUp) throw error;
      problem = `; last error: ${messageOf(error)}`;
    }
    if (performance.now() > deadlineMs) {
      const context = options.context?.() ?? '';
      throw new Error(
        `${options.what}: not within ${options.timeoutMs / 1000} s${problem}${context === '' ? '' : `\n${context}`}`,
      );
    }
    await sleep(options.everyMs ?? 100);
  }
}

/** Thrown by a probe that knows that waiting longer is of no use. */
export class GivenUp extends Error {}
