import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../../src/lib/errors.ts';

export const engineNames = ['buildah', 'podman', 'docker'] as const;
export type EngineName = (typeof engineNames)[number];

export interface ImageOptions {
  /** NAME:TAG in the archive. */
  readonly tag: string;
  /** The docker-archive to write. */
  readonly archive: string;
  /** `auto`, `debian`, or an image's name. */
  readonly base: string;
  /** The image that builds; the base's rules when absent. */
  readonly buildImage: string | undefined;
  /** Undefined: the first that works. */
  readonly engine: EngineName | undefined;
  /** Shows what the engine says. */
  readonly verbose: boolean;
}

export const help = `npm run image -- [--tag NAME:TAG] [--archive FILE] [flags]

Builds the container image and writes it as an archive that \`docker load -i FILE\`, \`podman load -i FILE\` and
\`ctr -n k8s.io images import FILE\` take. Beside it goes the bill of materials (CycloneDX), FILE without .tar + .cdx.json.

  --tag NAME:TAG     name of the image (default gpu-profiler:VERSION, what the chart and the manifests ask for)
  --archive FILE     where to write it (default gpu-profiler-VERSION.tar in the current folder)
  --base IMAGE       what it runs on: node on PATH and its C library, a shell is not needed (default auto)
                       auto      docker.io/library/node:24-slim where that registry answers, else as debian
                       debian    made here, without a registry: glibc, libstdc++, CA certificates from this machine's Debian
                                 package mirror, and the Node that npm has installed. About 45 MB compressed, no shell.
                       IMAGE     any other, say gcr.io/distroless/cc-debian12 with a node put into it, or your company's
  --build-image IMAGE  what it is built in: node and npm (default: as the base)
  --engine NAME      ${engineNames.join(', ')} (default: the first of them that works here)
  --verbose          show all that the engine says
  --help             this text

The same sources and the same base give the same layers. SOURCE_DATE_EPOCH sets the date in it (default: that of the last
commit of what is built).
The engine runs in a storage folder of its own, removed at the end (buildah, podman); docker keeps its build cache and the image.
A registry of your own for npm packages is taken from your npm configuration; nothing of it ends up in the image.

Examples:
  npm run image -- --tag registry.example.com/gpu-profiler:0.1.0
  npm run image -- --base debian --engine buildah --archive /tmp/gpu-profiler.tar
Next:
  docker load -i FILE, then docker push    or, without a registry, on each node: ctr -n k8s.io images import FILE
`;

/** @throws {UsageError} for unknown flags and impossible values. */
export function parseOptions(args: readonly string[], version: string): ImageOptions | 'help' {
  const values = parse(args);
  if (values.help === true) return 'help';
  const { tag = `gpu-profiler:${version}`, base = 'auto' } = values;
  if (!/^[a-z0-9][a-z0-9._/:-]*:[\w][\w.-]{0,127}$/.test(tag)) {
    throw new UsageError(
      `--tag ${tag}: not NAME:TAG in lower case, such as gpu-profiler:${version}`,
    );
  }
  const engine = engineNames.find((name) => name === values.engine);
  if (values.engine !== undefined && engine === undefined) {
    throw new UsageError(`--engine ${values.engine}: known are ${engineNames.join(', ')}`);
  }
  return {
    tag,
    archive: resolve(values.archive ?? `gpu-profiler-${version}.tar`),
    base,
    buildImage: values['build-image'],
    engine,
    verbose: values.verbose ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        tag: { type: 'string' },
        archive: { type: 'string' },
        base: { type: 'string' },
        'build-image': { type: 'string' },
        engine: { type: 'string' },
        verbose: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), {
      hint: 'npm run image -- --help shows all flags.',
    });
  }
}
