import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { partsCache } from './cache.ts';
import { isExecutable } from './files.ts';
import { failureOf, runCommand } from './run-command.ts';
import type { Way } from './way.ts';

const version = '0.15.2';

/** A C compiler with its own libc headers, from PyPI: for machines without a compiler and without root. */
export function zigWay(): Way {
  const folder = join(partsCache(), 'cc', `zig-${version}`);
  const target = join(folder, 'cc');
  return {
    label: `fetching ziglang ${version} from PyPI`,
    usually: '30 s',
    cached: target,
    make: async () => {
      const args = [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--no-deps',
        '--upgrade',
        '--target',
        folder,
      ];
      const installed = await runCommand('python3', [...args, `ziglang==${version}`], {
        timeoutMs: 300_000,
        env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
      });
      if (installed.code !== 0) throw new Error(`python3 -m pip install: ${failureOf(installed)}`);
      const zig = join(folder, 'ziglang', 'zig');
      if (!(await isExecutable(zig))) throw new Error(`${zig} is missing from the package`);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(`${target}.new`, `#!/bin/sh\nexec '${zig}' cc "$@"\n`, { mode: 0o755 });
      await rename(`${target}.new`, target);
      return target;
    },
  };
}
