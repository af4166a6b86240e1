import type { Mode } from '../config/option-spec.ts';
import type { Settings } from '../config/options.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';

/** A stream for text, as far as an application needs it; a terminal when `isTTY`. */
export interface TextOutput {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Width of the terminal now; 80 where it is not one. */
  readonly columns: number;
  /** Height of the terminal now; 24 where it is not one. */
  readonly rows: number;
  /** A terminal that shows colours, and nobody asked for none (NO_COLOR). */
  readonly hasColours: boolean;
}

/** Keys as they are pressed, where somebody sits at a terminal. */
export interface KeyInput {
  /** Calls `onInput` with what the terminal sends, from now on; without a terminal never. Returns how to leave. */
  listen(onInput: (input: string) => void): () => void;
}

/** How to end the process while a driver call has not returned: process.exit would wait for that call. */
export interface HardEnd {
  /** Asked when the process is about to end. */
  needed(): boolean;
  /** Ends the process at once, without exit handlers: `endProcess` of gpu/. */
  end(exitCode: number): Promise<never>;
}

/**
 * What main gives to an application. An application is `run<Mode>(context): Promise<number>` in `src/app/<mode>.ts`:
 * it runs until `signal` aborts (or until it is done), stops what it started, and resolves to the exit code.
 * What it throws is shown by main: a UsageError without stack and exit code 2, a CodedError with its hint and exit code 1.
 */
export interface AppContext<M extends Mode> {
  readonly settings: Settings<M>;
  readonly log: Logger;
  readonly clock: Clock;
  /** Aborts on SIGTERM and SIGINT. A second signal ends the process at once. */
  readonly signal: AbortSignal;
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  readonly keys: KeyInput;
  readonly version: string;
  /** Called by an application that may hang in a driver, as soon as it may; the last one counts. */
  registerHardEnd(hardEnd: HardEnd): void;
}
