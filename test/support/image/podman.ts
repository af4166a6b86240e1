import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitOnSignals } from '../exit-on-signal.ts';
import { startGuard } from '../guard.ts';
import { findPart } from '../parts/find-part.ts';
import { failureOf, runCommand } from '../parts/run-command.ts';
import { waitUntil } from '../wait-until.ts';

/** As a hardened pod: nothing writable, no capability, no way to more rights; on this machine's network. */
const hardened = [
  '--runtime=runc',
  '--network=host',
  '--read-only',
  '--cap-drop=all',
  '--security-opt=no-new-privileges',
  // Lower than what this machine may grant.
  '--ulimit=nofile=20000:20000',
  '--ulimit=nproc=1000:1000',
  // No container outlives a test run that was killed by more than this.
  '--timeout=300',
];

const removeAll = ['rm', '--all', '--force', '--time', '0'];

/** podman leaves the control groups that held its containers; those with a process in them stay. */
const removeCgroups =
  'find /sys/fs/cgroup/libpod_parent /sys/fs/cgroup/*/libpod_parent -depth -type d -exec rmdir {} \\; 2>/dev/null';

export interface RunResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** podman with a storage of its own, which goes with it. Needs root. */
export class Podman {
  readonly #command: string;
  readonly #folder: string;
  readonly #guard: ChildProcess;
  #containers = 0;

  private constructor(command: string, folder: string) {
    this.#command = command;
    this.#folder = folder;
    this.#guard = guardContainers(command, [...this.#storage(), ...removeAll], folder);
    exitOnSignals();
    process.once('exit', this.#removeNow);
  }

  static async withImage(archive: string): Promise<Podman> {
    await findPart('runc');
    const folder = mkdtempSync(join(tmpdir(), 'gpu-profiler-podman-'));
    const podman = new Podman(await findPart('podman'), folder);
    const loaded = await podman.#run(['load', '--quiet', '--input', archive]);
    if (loaded.code === 0) return podman;
    podman.remove();
    throw new Error(`podman load ${archive}: ${failureOf(loaded)}`);
  }

  /** Runs an image to its end. */
  run(image: string, args: readonly string[], flags: readonly string[] = []): Promise<RunResult> {
    return this.#run(['run', '--rm', ...hardened, ...flags, image, ...args]);
  }

  /** Starts an image and returns when its process runs. */
  async start(
    image: string,
    args: readonly string[],
    flags: readonly string[] = [],
  ): Promise<Container> {
    this.#containers += 1;
    const name = `test-${this.#containers}`;
    const logFile = join(this.#folder, `${name}.log`);
    const log = openSync(logFile, 'a');
    const run = ['run', '--name', name, ...hardened, ...flags, image, ...args];
    const child = spawn(this.#command, [...this.#storage(), ...run], {
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    const exit = new Promise<number | null>((resolve) => {
      child.on('exit', resolve);
      child.on('error', () => resolve(null));
    });
    const pid = await waitUntil(
      async () => {
        const asked = await this.#run(['inspect', '--format', '{{.State.Pid}}', name]);
        return asked.code === 0 && Number(asked.stdout) > 0 ? Number(asked.stdout) : undefined;
      },
      {
        what: `container ${image}`,
        timeoutMs: 30_000,
        context: () => readFileSync(logFile, 'utf8'),
      },
    );
    return {
      pid,
      exit,
      log: () => readFileSync(logFile, 'utf8'),
      remove: async () => {
        await this.#run(['rm', '--force', '--time', '0', name]);
      },
    };
  }

  /** Ends all containers and removes the storage. */
  remove(): void {
    process.off('exit', this.#removeNow);
    this.#removeNow();
  }

  readonly #removeNow = (): void => {
    const args = [...this.#storage(), ...removeAll];
    spawnSync(this.#command, args, { stdio: 'ignore', timeout: 30_000 });
    spawnSync('/bin/sh', ['-c', removeCgroups], { stdio: 'ignore', timeout: 30_000 });
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
    this.#guard.kill('SIGKILL');
  };

  #run(args: readonly string[]) {
    return runCommand(this.#command, [...this.#storage(), ...args], { timeoutMs: 120_000 });
  }

  #storage(): string[] {
    const at = (name: string): string => join(this.#folder, name);
    return [
      `--root=${at('storage')}`,
      `--runroot=${at('run')}`,
      `--tmpdir=${at('tmp')}`,
      '--storage-driver=vfs',
      '--cgroup-manager=cgroupfs',
      '--events-backend=none',
    ];
  }
}

export interface Container {
  /** Of its first process, as this machine sees it. */
  readonly pid: number;
  /** Resolves to its exit code. */
  readonly exit: Promise<number | null>;
  readonly log: () => string;
  readonly remove: () => Promise<void>;
}

/** Cleans up when this process dies without a chance to do so itself. */
function guardContainers(command: string, args: readonly string[], folder: string): ChildProcess {
  const script = `read -r _; folder="$1"; shift; "$@"; rm -rf "$folder"; ${removeCgroups}`;
  return startGuard('/bin/sh', ['-c', script, 'guard', folder, command, ...args]);
}
