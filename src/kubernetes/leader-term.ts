import type { Clock } from '../lib/clock.ts';

/** The time in which we may act as leader, as the one who acts sees it. */
export interface LeaderTerm {
  /** Aborts when the Lease is lost or given up. */
  readonly signal: AbortSignal;
  /**
   * To be asked right before each write. False past the renew deadline, by the monotonic and by the wall clock: a process that
   * was frozen (SIGSTOP: monotonic time goes on; a suspended machine: only wall time does) writes nothing when it thaws.
   */
  mayWrite(): boolean;
  /** Annotations of the Lease as the leader before left them. */
  readonly inherited: Readonly<Record<string, string>>;
}

export interface TermControl {
  readonly term: LeaderTerm;
  /** The Lease was renewed by a request begun at these times. */
  renewed(begun: TermTime): void;
  /** Milliseconds until the deadline; negative when past. */
  remainingMs(): number;
  end(): void;
}

export interface TermTime {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

export function createTerm(
  clock: Clock,
  renewDeadlineMs: number,
  begun: TermTime,
  inherited: Readonly<Record<string, string>>,
): TermControl {
  const controller = new AbortController();
  let last = begun;
  const remainingMs = (): number => renewDeadlineMs - (clock.monotonicMs() - last.monotonicMs);
  return {
    term: {
      signal: controller.signal,
      inherited,
      mayWrite: () =>
        !controller.signal.aborted &&
        remainingMs() > 0 &&
        clock.now() - last.wallMs < renewDeadlineMs,
    },
    renewed: (begun) => {
      last = begun;
    },
    remainingMs,
    end: () => controller.abort(),
  };
}
