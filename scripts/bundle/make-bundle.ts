import { rmSync } from 'node:fs';
import { chmod, copyFile, cp, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { endCommands, runCommand } from '../image/command.ts';
import { sourceState } from '../image/source-date.ts';
import { fetchNode } from './node-runtime.ts';

const root = join(import.meta.dirname, '..', '..');

export interface BundleOptions {
  /** Of the only folder in the archive. */
  readonly name: string;
  /** The .tar.gz to write. */
  readonly out: string;
  readonly say: (line: string) => void;
}

/** Writes the archive and returns its size in bytes. A failure leaves no half archive. */
export async function makeBundle({ name, out, say }: BundleOptions): Promise<number> {
  // Beside the archive, which is then put in place by a mere renaming.
  const work = await mkdtemp(join(dirname(out), '.gpu-profiler-bundle-'));
  const end = (): void => {
    endCommands();
    rmSync(work, { recursive: true, force: true, maxRetries: 10 });
    process.exit(130);
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  const draft = join(work, 'archive.tar.gz');
  try {
    const { date } = await sourceState(root);
    const folder = join(work, name);
    say('bundle: program, native package, licences');
    await runCommand(process.execPath, [join(root, 'scripts/app-folder/assemble.ts'), folder], {
      what: 'the program',
      env: { ...process.env, SOURCE_DATE_EPOCH: String(date) },
    });
    say(`bundle: Node ${process.versions.node}`);
    const node = await fetchNode(join(work, 'node'));
    await cp(node.executable, join(folder, 'bin', 'node'), { recursive: true });
    await chmod(join(folder, 'bin', 'node'), 0o755);
    await copyFile(join(import.meta.dirname, 'gpu-profiler.sh'), join(folder, 'gpu-profiler'));
    await chmod(join(folder, 'gpu-profiler'), 0o755);
    await copyFile(node.licence, join(folder, 'LICENSE-node'));
    await cp(join(root, 'manifests', 'systemd'), join(folder, 'systemd'), { recursive: true });
    say('bundle: archive');
    await archive({ folder: work, name, draft, date });
    await rename(draft, out);
    return (await stat(out)).size;
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
    await rm(work, { recursive: true, force: true });
  }
}

/** The same bytes for the same content: order, owner, modes and time are fixed, and gzip is told neither name nor time. */
async function archive(options: {
  folder: string;
  name: string;
  draft: string;
  date: number;
}): Promise<void> {
  const args = [
    '--create',
    `--file=${options.draft}`,
    `--directory=${options.folder}`,
    '--format=gnu',
    '--sort=name',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--mode=go=rX,u+rwX',
    `--mtime=@${options.date}`,
    '--use-compress-program=gzip -n',
    options.name,
  ];
  await runCommand('tar', args, { what: 'the archive (GNU tar)' });
}
