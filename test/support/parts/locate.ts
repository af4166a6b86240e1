import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parts, type CompileCheck, type PartName, type VersionCheck } from './catalogue.ts';
import { isExecutable } from './files.ts';
import { failureOf, runCommand } from './run-command.ts';
import { isAtLeast, parseVersion } from './version.ts';

/** Where a part is (`path` undefined: nowhere), and why the places passed over on the way do not do. */
export interface Location {
  readonly path: string | undefined;
  readonly from: 'environment' | 'PATH' | 'cache' | 'nowhere';
  readonly passedOver: readonly string[];
}

/** Looks for a part that is there already: the environment, then PATH, then the project's cache. */
export async function locatePart(
  name: PartName,
  env: NodeJS.ProcessEnv = process.env,
  answerTimeoutMs = 15_000,
): Promise<Location> {
  const part = parts[name];
  const passedOver: string[] = [];
  const given = env[part.variable] ?? '';
  if (given.includes('/')) {
    if (await isExecutable(given)) return { path: given, from: 'environment', passedOver };
    throw new Error(`${part.variable} says ${given}, which is not an executable file`);
  }
  const folder = part.folderVariable === undefined ? '' : (env[part.folderVariable] ?? '');
  if (folder !== '') {
    const path = join(folder, name);
    if (await isExecutable(path)) return { path, from: 'environment', passedOver };
    passedOver.push(`${part.folderVariable}: no ${path}`);
  }
  // A bare name in the variable (CC=clang) is the first to be looked for on PATH.
  const commands = given === '' ? part.commands : [given, ...part.commands];
  for (const path of await candidatesOnPath(commands, env)) {
    const reason = await reasonAgainst(path, part.check, answerTimeoutMs);
    if (reason === undefined) return { path, from: 'PATH', passedOver };
    passedOver.push(`${path}: ${reason}`);
  }
  for (const way of part.ways) {
    if (way.cached !== undefined && (await isExecutable(way.cached))) {
      return { path: way.cached, from: 'cache', passedOver };
    }
  }
  if (passedOver.length === 0) passedOver.push(`PATH: no ${part.commands.join(', ')}`);
  return { path: undefined, from: 'nowhere', passedOver };
}

async function candidatesOnPath(
  commands: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const found: string[] = [];
  for (const command of commands) {
    for (const folder of folders) {
      const path = join(folder, command);
      if (!found.includes(path) && (await isExecutable(path))) found.push(path);
    }
  }
  return found;
}

async function reasonAgainst(
  path: string,
  check: VersionCheck | CompileCheck,
  answerTimeoutMs: number,
): Promise<string | undefined> {
  if (check.kind === 'compile') return reasonAgainstCompiler(path);
  const asked = await runCommand(path, check.args, { timeoutMs: answerTimeoutMs });
  if (asked.code !== 0) return failureOf(asked);
  const said = `${asked.stdout}\n${asked.stderr}`;
  const version = parseVersion(said, check.pattern);
  if (version === undefined)
    return `no usable version in its answer "${said.trim().split('\n')[0]}"`;
  if (isAtLeast(version, check.minimum)) return undefined;
  return `version ${version.join('.')} is older than ${check.minimum.join('.')}`;
}

async function reasonAgainstCompiler(path: string): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'compiler-check-'));
  try {
    const args = ['-shared', '-fPIC', '-x', 'c', '-o', join(folder, 'check.so'), '-'];
    const compiled = await runCommand(path, args, {
      timeoutMs: 60_000,
      input: '#include <stdio.h>\nint check(void) { return puts("ok"); }\n',
    });
    return compiled.code === 0 ? undefined : failureOf(compiled);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
