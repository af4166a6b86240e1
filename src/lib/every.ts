import type { Clock } from './clock.ts';

export interface EveryOptions {
  clock: Clock;
  signal: AbortSignal;
  /** Wait before the next run, milliseconds, asked anew each time (so that it may be random or backed off). */
  nextDelayMs: () => number;
  /** Run once before the first wait. Default true. */
  immediately?: boolean;
  run: (signal: AbortSignal) => Promise<void>;
  /** Told of what `run` throws; the loop goes on. */
  onError: (error: unknown) => void;
}

/**
 * Runs `run` again and again, never two at once, until `signal` aborts; then resolves.
 * The delay counts from the start of a run; a run that takes longer than the delay is followed at once.
 */
export async function every(options: EveryOptions): Promise<void> {
  const { clock, signal, nextDelayMs, run, onError } = options;
  if (options.immediately === false) await clock.sleep(nextDelayMs(), signal);
  while (!signal.aborted) {
    const startedMs = clock.monotonicMs();
    try {
      await run(signal);
    } catch (error) {
      if (!signal.aborted) onError(error);
    }
    if (signal.aborted) return;
    const spentMs = clock.monotonicMs() - startedMs;
    await clock.sleep(Math.max(0, nextDelayMs() - spentMs), signal);
  }
}
