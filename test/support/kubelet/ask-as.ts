import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const script = join(import.meta.dirname, 'ask.ts');
const run = promisify(execFile);

/** How asking a kubelet goes for another user, in another process: `permission_denied, user 65532, capabilities 0`. */
export async function askAs(uid: number, gid: number, socket: string): Promise<string> {
  const { stdout } = await run(process.execPath, [script, socket, String(uid), String(gid)]);
  return stdout;
}

/** The same as root without any capability, by setpriv of util-linux. */
export async function askWithoutCapabilities(socket: string): Promise<string> {
  const bare = ['--bounding-set=-all', '--inh-caps=-all', '--no-new-privs'];
  const { stdout } = await run('setpriv', [...bare, process.execPath, script, socket]);
  return stdout;
}
