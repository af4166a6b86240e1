import { join } from 'node:path';
import type { ApiServer } from '../apiserver.ts';
import { findPart } from '../parts/find-part.ts';
import { failureOf, runCommand } from '../parts/run-command.ts';

/**
 * What `kubectl auth can-i` answers for a service account (`namespace:name`) about `what`, its arguments with blanks
 * between them. Anything but yes and no is an error, never a no.
 */
export async function canI(
  apiServer: ApiServer,
  account: string,
  what: string,
): Promise<'yes' | 'no'> {
  const own = [
    `--kubeconfig=${await apiServer.writeKubeconfig()}`,
    `--as=system:serviceaccount:${account}`,
    `--cache-dir=${join(apiServer.dataDir, 'kubectl')}`,
  ];
  const args = ['auth', 'can-i', ...what.split(' '), ...own];
  const result = await runCommand(await findPart('kubectl'), args, { timeoutMs: 30_000 });
  const answer = result.stdout.trim();
  if (answer !== 'yes' && answer !== 'no') throw new Error(failureOf(result));
  return answer;
}
