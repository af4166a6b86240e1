import type { Clock } from '../../lib/clock.ts';
import type { TextOutput } from '../app-context.ts';

const everyMs = 200;
/** What is done by then needs no word. */
const silentMs = 500;

/** One line on a terminal that tells how far it is, written over itself; nothing where there is no terminal. */
export class Progress {
  readonly #out: TextOutput;
  readonly #clock: Clock;
  readonly #beganMs: number;
  #writtenMs = Number.NEGATIVE_INFINITY;
  #isShown = false;

  constructor(out: TextOutput, clock: Clock) {
    this.#out = out;
    this.#clock = clock;
    this.#beganMs = clock.monotonicMs();
  }

  /** `done`: 0-1; null: not known. */
  show(what: string, done: number | null): void {
    const now = this.#clock.monotonicMs();
    if (!this.#out.isTTY || now - this.#beganMs < silentMs) return;
    if (now - this.#writtenMs < everyMs) return;
    this.#writtenMs = now;
    this.#isShown = true;
    const share = done === null ? '' : ` ${Math.floor(100 * Math.min(1, done))} %`;
    // Some terminals do not say how wide they are.
    const room = Math.max(10, (this.#out.columns || 80) - share.length - 1);
    const text = what.length > room ? `…${what.slice(what.length - room + 1)}` : what;
    this.#out.write(`\r\u001b[K${text}${share}`);
  }

  /** Makes room for what is to stay. */
  clear(): void {
    if (this.#isShown) this.#out.write('\r\u001b[K');
    this.#isShown = false;
  }
}
