import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { CodedError, messageOf } from '../../src/lib/errors.ts';
import { runCommand } from './command.ts';
import { ContainersEngine } from './containers-engine.ts';
import { DockerEngine } from './docker-engine.ts';
import type { Engine } from './engine.ts';
import { engineNames, type EngineName } from './options.ts';

export interface EngineSetting {
  /** For the storage of engines that can have one of their own. */
  readonly folder: string;
  readonly verbose: boolean;
}

/** The engine asked for, or the first that works here. @throws {CodedError} engine-missing, with what each of them lacks. */
export async function chooseEngine(
  wanted: EngineName | undefined,
  setting: EngineSetting,
): Promise<Engine> {
  const reasons: string[] = [];
  for (const name of wanted === undefined ? engineNames : [wanted]) {
    try {
      return await openEngine(name, setting);
    } catch (error) {
      reasons.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new CodedError(
    'engine-missing',
    `No engine to build images with.\n  ${reasons.join('\n  ')}`,
    {
      hint: 'Put right what is said above, or install one of them (Debian and Ubuntu: apt-get install buildah; Fedora: dnf install buildah), or run this as root.',
    },
  );
}

async function openEngine(name: EngineName, setting: EngineSetting): Promise<Engine> {
  if (name === 'docker') {
    const args = ['version', '--format', '{{.Server.Version}}'];
    const version = await ask('docker', args, 'the daemon does not answer');
    return new DockerEngine(version, setting.verbose);
  }
  const version = await ask(name, ['--version'], 'it does not start');
  const lacking = process.getuid?.() === 0 ? [] : lackingForUsers();
  if (lacking.length > 0) throw new Error(`not as this user: ${lacking.join('; ')}`);
  return new ContainersEngine(name, version, setting);
}

async function ask(command: string, args: readonly string[], otherwise: string): Promise<string> {
  if (!isOnPath(command)) throw new Error('not installed');
  try {
    const answer = await runCommand(command, args, { what: command, timeoutMs: 20_000 });
    return answer.trim().replace(/^\w+ version /, '');
  } catch (error) {
    const reason = messageOf(error).trim().split('\n').at(-1)?.trim();
    throw new Error(`installed, but ${otherwise}: ${reason}`, { cause: error });
  }
}

/** What a user who is not root lacks for a user namespace with more than one id in it. */
function lackingForUsers(): string[] {
  const lacking: string[] = [];
  const uid = process.getuid?.() ?? 0;
  const username = nameOfUser() ?? `${uid}`;
  for (const program of ['newuidmap', 'newgidmap']) {
    if (!isOnPath(program)) lacking.push(`${program} is not installed (Debian: package uidmap)`);
  }
  for (const file of ['/etc/subuid', '/etc/subgid']) {
    const lines = readLines(file);
    if (!lines.some((line) => line.startsWith(`${username}:`) || line.startsWith(`${uid}:`))) {
      lacking.push(`${file} has no line for ${username} (say ${username}:100000:65536)`);
    }
  }
  const refusals = {
    '/proc/sys/user/max_user_namespaces': '0',
    '/proc/sys/kernel/unprivileged_userns_clone': '0',
    '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1',
  };
  for (const [file, refusal] of Object.entries(refusals)) {
    if (readLines(file)[0] === refusal) {
      lacking.push(`the kernel forbids user namespaces (${file} is ${refusal})`);
    }
  }
  return lacking;
}

/** Undefined for an id without an account. */
function nameOfUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

function isOnPath(command: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => folder !== '' && existsSync(join(folder, command)));
}
