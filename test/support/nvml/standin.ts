import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { withLock } from '../../../scripts/setup/lock.mjs';
import { partsCache } from '../parts/cache.ts';
import { findPart } from '../parts/find-part.ts';
import { writeScript } from './script.ts';
import type { StandinScript } from './script.ts';

const sourceFolder = join(import.meta.dirname, '..', '..', '..', 'native', 'nvml');
const flags = '-std=gnu11 -D_GNU_SOURCE -shared -fPIC -O2 -pthread -fvisibility=hidden'.split(' ');

export interface StandinBuild {
  /** Functions that this library shall not have, as an older driver does not. */
  readonly absent?: readonly string[];
}

/**
 * The stand-in driver library, compiled once per version of its source and set of absent functions, in the user's cache folder.
 * It follows the script named by NVML_STANDIN_SCRIPT; see placeStandin for one with a script of its own.
 */
export async function buildStandin(build: StandinBuild = {}): Promise<{ library: string }> {
  const absent = [...(build.absent ?? [])].toSorted();
  const sources = readdirSync(sourceFolder).filter((name) => /\.[ch]$/.test(name));
  const hash = createHash('sha256').update([...flags, ...absent].join(' '));
  for (const name of sources.toSorted()) {
    hash.update(`\0${name}\0`).update(readFileSync(join(sourceFolder, name)));
  }
  const folder = join(dirname(partsCache()), 'nvml-standin', hash.digest('hex').slice(0, 16));
  const library = join(folder, 'libnvidia-ml.so.1');
  if (existsSync(library)) return { library };
  const compiler = await findPart('cc');
  return withLock(join(folder, '.lock'), {}, async () => {
    if (!existsSync(library)) await compile(compiler, library, sources, absent);
    return { library };
  });
}

/** A copy of the stand-in in a folder of its own with its own script: several in one process do not share state. */
export async function placeStandin(
  folder: string,
  script: StandinScript,
  build: StandinBuild = {},
): Promise<PlacedStandin> {
  const { library } = await buildStandin(build);
  mkdirSync(folder, { recursive: true });
  const copy = join(folder, 'libnvidia-ml.so.1');
  const scriptFile = `${copy}.script`;
  writeScript(scriptFile, script);
  copyFileSync(library, copy);
  return { library: copy, rewrite: (changed) => writeScript(scriptFile, changed) };
}

export interface PlacedStandin {
  readonly library: string;
  /** Another script from now on. */
  rewrite(script: StandinScript): void;
}

async function compile(
  compiler: string,
  library: string,
  sources: readonly string[],
  absent: readonly string[],
): Promise<void> {
  const draft = `${library}.${process.pid}.new`;
  // A function under another name is one that the library does not have.
  const renames = absent.map((name) => `-D${name}=absent_${name}`);
  const files = sources
    .filter((name) => name.endsWith('.c'))
    .map((name) => join(sourceFolder, name));
  const args = [...flags, ...renames, '-o', draft, ...files, '-lm'];
  await promisify(execFile)(compiler, args, { timeout: 120_000 });
  renameSync(draft, library);
}
