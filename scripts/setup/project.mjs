import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The Node that the project runs on; the npm package `node` brings it. */
export const projectNode = join(root, 'node_modules', 'node', 'bin', 'node');

/** The environment for everything that is run: `node` is the project's own, then the programs of its packages. */
export function projectEnv() {
  const first = [dirname(projectNode), join(root, 'node_modules', '.bin')];
  return { ...process.env, PATH: [...first, machinePath()].join(delimiter) };
}

/** PATH without any node_modules folder: the machine's own programs. */
export function machinePath() {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '' && !folder.includes('node_modules'))
    .join(delimiter);
}

/** One line on stderr; stdout belongs to the program that is started. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** A hash over files and whole folders (names and contents), given relative to the root; what is missing counts as empty. */
export function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of filesUnder(path)) {
      hash.update(`${file}\0`);
      hash.update(readFileSync(join(root, file)));
      hash.update('\0');
    }
  }
  return hash.digest('hex');
}

function filesUnder(path) {
  try {
    const entries = readdirSync(join(root, path), { withFileTypes: true });
    const names = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return names.flatMap((entry) => filesUnder(join(path, entry.name)));
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}
