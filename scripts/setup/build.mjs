import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './install.mjs';
import { withLock } from './lock.mjs';
import { hashOf, projectEnv, projectNode, root, say } from './project.mjs';
import { runQuietly } from './run.mjs';

const stampFile = join(root, 'dist', '.build-stamp');
const sources = ['src', 'scripts/build.ts', 'package.json', 'package-lock.json', 'tsconfig.json'];

/** Builds dist/ unless it was built from these very sources. */
export async function ensureBuilt() {
  if (isBuilt()) return;
  const lock = join(root, '.cache', 'build.lock');
  const onWait = (pid) => say(`set-up: waiting for process ${pid}, which is building`);
  await withLock(lock, { onWait }, async () => {
    if (isBuilt()) return;
    say('set-up: building dist/ (usually 2 s) …');
    const stamp = hashOf(sources);
    const args = [join(root, 'scripts', 'build.ts')];
    const code = await runQuietly('build', projectNode, args, { cwd: root, env: projectEnv() });
    if (code !== 0)
      throw new SetupError(`The build ended with code ${code}; its message stands above.`);
    writeFileSync(stampFile, stamp);
  });
}

function isBuilt() {
  try {
    return readFileSync(stampFile, 'utf8') === hashOf(sources);
  } catch {
    return false;
  }
}
