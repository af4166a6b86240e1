import { failureOf, runCommand } from '../../parts/run-command.ts';

/** Runs a command to its end and returns its stdout; throws with what it said. */
export async function runOrThrow(
  command: string,
  args: readonly string[],
  timeoutMs = 60_000,
): Promise<string> {
  const result = await runCommand(command, args, { timeoutMs });
  if (result.code !== 0) throw new Error(`${command} ${args.join(' ')}: ${failureOf(result)}`);
  return result.stdout;
}
