import { join } from 'node:path';
import type { ApiServer } from './apiserver.ts';
import { findPart } from './parts/find-part.ts';
import { failureOf, runCommand } from './parts/run-command.ts';

/** The chart of this checkout. */
export const chart = join(import.meta.dirname, '..', '..', 'charts', 'gpu-profiler');

/** Runs Helm against an API server as its administrator and returns its stdout; throws with what it said. */
export async function helm(
  apiServer: ApiServer,
  args: readonly string[],
  options: { readonly timeoutMs?: number } = {},
): Promise<string> {
  const command = await findPart('helm');
  const folder = join(apiServer.dataDir, 'helm');
  const result = await runCommand(command, args, {
    timeoutMs: options.timeoutMs ?? 120_000,
    env: {
      ...process.env,
      KUBECONFIG: await apiServer.writeKubeconfig(),
      // A person's own repositories, plug-ins and caches stay out of it.
      HELM_CACHE_HOME: join(folder, 'cache'),
      HELM_CONFIG_HOME: join(folder, 'config'),
      HELM_DATA_HOME: join(folder, 'data'),
    },
  });
  if (result.code !== 0) throw new Error(`helm ${args.join(' ')}: ${failureOf(result)}`);
  return result.stdout;
}
