import { join } from 'node:path';
import type { ApiServer } from './apiserver.ts';
import { findPart } from './parts/find-part.ts';
import { failureOf, runCommand } from './parts/run-command.ts';

/** Runs kubectl against an API server as its administrator and returns its stdout; throws with what it said. */
export async function kubectl(
  apiServer: ApiServer,
  args: readonly string[],
  input?: string,
  timeoutMs = 60_000,
): Promise<string> {
  const command = await findPart('kubectl');
  const kubeconfig = await apiServer.writeKubeconfig();
  const own = [`--kubeconfig=${kubeconfig}`, `--cache-dir=${join(apiServer.dataDir, 'kubectl')}`];
  const result = await runCommand(command, [...own, ...args], {
    timeoutMs,
    ...(input === undefined ? {} : { input }),
  });
  if (result.code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${failureOf(result)}`);
  return result.stdout;
}
