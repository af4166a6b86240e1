export interface BackoffOptions {
  baseMs: number;
  capMs: number;
  /** Uniform in [0, 1); tests pass their own. */
  random?: () => number;
}

export interface Backoff {
  /** Delay before the next try, milliseconds; grows with each call. */
  nextMs(): number;
  /** Back to the start, after a success. */
  reset(): void;
}

/** Exponential back-off with equal jitter: half of the doubling step is fixed, half random, so that it never is zero. */
export function createBackoff({ baseMs, capMs, random = Math.random }: BackoffOptions): Backoff {
  let attempt = 0;
  return {
    nextMs: () => {
      const stepMs = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30));
      attempt += 1;
      return stepMs / 2 + (random() * stepMs) / 2;
    },
    reset: () => {
      attempt = 0;
    },
  };
}
