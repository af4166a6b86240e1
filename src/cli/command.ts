import type { HardEnd, KeyInput, TextOutput } from '../app/app-context.ts';
import type { Environment } from '../config/environment.ts';

/** What main gives to the command line: the process, as far as it is needed. */
export interface CliContext {
  readonly env: Environment;
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  readonly keys: KeyInput;
  /** Aborts when the process is asked to end. */
  readonly signal: AbortSignal;
  readFile(path: string): Promise<string>;
  registerHardEnd(hardEnd: HardEnd): void;
}

/** One word behind `gpu-profiler`. */
export interface Command {
  readonly name: string;
  /** One line of `gpu-profiler help`. */
  readonly summary: string;
  /** Resolves to the exit code. */
  run(argv: readonly string[], context: CliContext): Promise<number>;
}
