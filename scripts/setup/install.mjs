import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { hashOf, machinePath, projectNode, root, say } from './project.mjs';
import { runQuietly } from './run.mjs';

const stampFile = join(root, 'node_modules', '.setup-stamp');
const wantedMajor = 24;

/** Thrown when the set-up cannot go on; the message says what to do. */
export class SetupError extends Error {}

/** Installs the packages of package-lock.json unless they are there, and makes sure that the project's own Node runs. */
export async function ensureInstalled() {
  if (!isInstalled()) {
    const lock = join(root, '.cache', 'setup.lock');
    const onWait = (pid) =>
      say(`set-up: waiting for process ${pid}, which is setting up this folder`);
    await withLock(lock, { onWait }, async () => {
      if (!isInstalled()) await install();
    });
  }
  checkNode();
}

async function install() {
  if (matchesLock()) {
    writeFileSync(stampFile, lockHash());
    return;
  }
  say('set-up: npm ci (usually 10 to 30 s) …');
  const startedMs = Date.now();
  // npm runs on the machine's own Node: the one in node_modules goes away while npm replaces the folder.
  const env = { ...process.env, PATH: machinePath() };
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const code = await runQuietly('npm ci', 'npm', args, { cwd: root, env });
  if (code !== 0) {
    throw new SetupError(
      `npm ci ended with code ${code}. Its message stands above; it needs npm on PATH and access to the npm registry.`,
    );
  }
  writeFileSync(stampFile, lockHash());
  say(`set-up: packages installed in ${Math.round((Date.now() - startedMs) / 1000)} s`);
}

function isInstalled() {
  try {
    return readFileSync(stampFile, 'utf8') === lockHash();
  } catch {
    return false;
  }
}

function lockHash() {
  return `${hashOf(['package-lock.json'])} ${process.platform}-${process.arch}`;
}

/** Whether someone's own `npm ci` or `npm install` has left exactly the packages of package-lock.json. */
function matchesLock() {
  const wanted = packagesOf('package-lock.json');
  const present = packagesOf(join('node_modules', '.package-lock.json'));
  if (wanted === undefined || present === undefined) return false;
  const there = (path) => present[path] !== undefined && existsSync(join(root, path));
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    if (!there(path)) return entry.optional === true;
    return present[path].version === entry.version;
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function checkNode() {
  const asked = spawnSync(projectNode, ['--version'], { encoding: 'utf8', timeout: 30_000 });
  const version = asked.stdout?.trim() ?? '';
  if (version.startsWith(`v${wantedMajor}.`)) return;
  const found =
    asked.error === undefined ? `it says ${version || asked.stderr}` : asked.error.message;
  throw new SetupError(
    [
      `The project runs on Node ${wantedMajor}, which the npm package "node" brings; node_modules/node/bin/node does not run (${found}).`,
      'The usual cause: npm was told not to run install scripts (ignore-scripts in an .npmrc or in the environment).',
      'Next step: npm rebuild node --ignore-scripts=false',
    ].join('\n'),
  );
}
