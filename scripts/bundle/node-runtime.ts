import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../image/command.ts';

export interface NodeRuntime {
  readonly executable: string;
  readonly licence: string;
}

/** The Node that runs this, from its npm package for this platform, which has the licence beside it, into a new folder. */
export async function fetchNode(folder: string): Promise<NodeRuntime> {
  await mkdir(folder, { recursive: true });
  const version = process.versions.node;
  const name = `node-${process.platform}-${process.arch}@${version}`;
  const what = `Node ${version} from the npm registry`;
  await runCommand('npm', ['pack', '--silent', `--pack-destination=${folder}`, name], { what });
  const [packed] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'));
  if (packed === undefined) throw new Error(`npm pack ${name} left no package`);
  const members = ['package/bin/node', 'package/LICENSE'];
  await runCommand('tar', ['-xzf', join(folder, packed), '-C', folder, ...members], { what });
  return {
    executable: join(folder, 'package', 'bin', 'node'),
    licence: join(folder, 'package', 'LICENSE'),
  };
}
