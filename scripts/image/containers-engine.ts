import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import type { Engine, ImageBuild } from './engine.ts';

/**
 * buildah, or podman, which builds with the same code. Storage, run files and temporary files lie in a folder of ours; `vfs` needs
 * neither mounts nor kernel modules. `chroot` isolation runs the steps of the build without a container runtime.
 */
export class ContainersEngine implements Engine {
  readonly name: 'buildah' | 'podman';
  readonly version: string;
  readonly #folder: string;
  readonly #verbose: boolean;

  constructor(
    name: 'buildah' | 'podman',
    version: string,
    { folder, verbose }: { folder: string; verbose: boolean },
  ) {
    this.name = name;
    this.version = version;
    this.#folder = folder;
    this.#verbose = verbose;
    mkdirSync(join(folder, 'tmp'), { recursive: true });
  }

  async pull(image: string): Promise<void> {
    await this.#run(`pull ${image}`, ['pull', image], 300_000);
  }

  async build(build: ImageBuild): Promise<void> {
    const pairs = (flag: string, values: Readonly<Record<string, string>>, middle: string) =>
      Object.entries(values).flatMap(([key, value]) => [flag, `${key}${middle}${value}`]);
    const secrets = Object.entries(build.secrets).flatMap(([id, source]) => [
      '--secret',
      `id=${id},src=${source}`,
    ]);
    await this.#run(`build ${build.tag}`, [
      'build',
      '--isolation=chroot',
      '--network=host',
      '--layers=false',
      '--format=docker',
      `--timestamp=${build.sourceDate}`,
      ...pairs(
        '--build-arg',
        { ...build.buildArgs, SOURCE_DATE_EPOCH: `${build.sourceDate}` },
        '=',
      ),
      ...secrets,
      '--file',
      build.file,
      '--tag',
      qualified(build.tag),
      build.context,
    ]);
  }

  async save(tag: string, archive: string): Promise<void> {
    // Not `save`: it would put localhost/ before the name.
    const name = qualified(tag);
    await this.#run(`write ${archive}`, ['push', name, `docker-archive:${archive}:${name}`]);
  }

  async #run(what: string, args: readonly string[], timeoutMs?: number): Promise<void> {
    const own = ['--root', join(this.#folder, 'storage'), '--runroot', join(this.#folder, 'run')];
    const podman = ['--cgroup-manager=cgroupfs', '--events-backend=none'];
    const flags = [...own, '--storage-driver=vfs', ...(this.name === 'podman' ? podman : [])];
    await runCommand(this.name, [...flags, ...args], {
      what,
      env: { ...process.env, TMPDIR: join(this.#folder, 'tmp') },
      verbose: this.#verbose,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  }
}

/** The whole name, as docker, containerd and the kubelet understand a short one; buildah would put localhost/ before it. */
function qualified(tag: string): string {
  const slash = tag.indexOf('/');
  if (slash < 0) return `docker.io/library/${tag}`;
  const first = tag.slice(0, slash);
  return /[.:]|^localhost$/.test(first) ? tag : `docker.io/${tag}`;
}
