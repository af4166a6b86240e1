import { runCommand } from './command.ts';
import type { Engine, ImageBuild } from './engine.ts';

/** Docker with BuildKit. The daemon keeps the image and its build cache. */
export class DockerEngine implements Engine {
  readonly name = 'docker';
  readonly version: string;
  readonly #verbose: boolean;

  constructor(version: string, verbose: boolean) {
    this.version = version;
    this.#verbose = verbose;
  }

  async pull(image: string): Promise<void> {
    await this.#run(`pull ${image}`, ['pull', '--quiet', image], 300_000);
  }

  async build(build: ImageBuild): Promise<void> {
    const buildArgs = { ...build.buildArgs, SOURCE_DATE_EPOCH: `${build.sourceDate}` };
    await this.#run(`build ${build.tag}`, [
      'build',
      '--progress=plain',
      // The registry for packages is reached as from this machine.
      '--network=host',
      ...Object.entries(buildArgs).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
      ...Object.entries(build.secrets).flatMap(([id, source]) => [
        '--secret',
        `id=${id},src=${source}`,
      ]),
      '--file',
      build.file,
      '--tag',
      build.tag,
      build.context,
    ]);
  }

  async save(tag: string, archive: string): Promise<void> {
    await this.#run(`write ${archive}`, ['save', '--output', archive, tag]);
  }

  async #run(what: string, args: readonly string[], timeoutMs?: number): Promise<void> {
    await runCommand('docker', args, {
      what,
      env: {
        ...process.env,
        DOCKER_BUILDKIT: '1',
        // The daemon itself: what another builder makes, the daemon does not have.
        BUILDX_BUILDER: 'default',
        // Attestations would make an index of it, which other engines do not load.
        BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
      },
      verbose: this.#verbose,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  }
}
