/** What the process was started with, handed in by who may read it. */
export interface RestartOptions {
  /** Flags of Node that must be there. */
  readonly flags: readonly string[];
  /** Environment variables that must be set; one that is set already keeps its value. */
  readonly environment: Readonly<Record<string, string>>;
  readonly startedWith: {
    readonly argv: readonly string[];
    readonly execArgv: readonly string[];
    readonly environment: Readonly<Record<string, string | undefined>>;
  };
}

/**
 * Replaces this process by the same program with further flags of Node and environment variables: same process id, same streams, some 30 ms.
 * Does not return when it does so. Returns when they are all there already, or where a process cannot be replaced
 * (Windows, Node before 22.15): the program then runs without them.
 */
export function restartWith({ flags, environment, startedWith }: RestartOptions): void {
  const { argv, execArgv } = startedWith;
  const [program, ...args] = argv;
  const missing = flags.filter((flag) => !execArgv.includes(flag));
  const isComplete =
    missing.length === 0 &&
    Object.keys(environment).every((name) => startedWith.environment[name] !== undefined);
  if (isComplete || program === undefined || process.execve === undefined) return;
  try {
    process.execve(program, [program, ...execArgv, ...missing, ...args], {
      ...environment,
      ...startedWith.environment,
    });
  } catch {
    // It costs memory to go on without them, and fewer driver calls may hang; no more.
  }
}
