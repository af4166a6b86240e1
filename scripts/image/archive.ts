import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createGzip } from 'node:zlib';
import { runCommand } from './command.ts';

export interface ArchivedImage {
  readonly tags: readonly string[];
  /** `sha256:…` of the configuration, which is what engines call the image's id. */
  readonly id: string;
  readonly config: ImageConfig;
  /** Bottom first; the archive's files. */
  readonly layers: readonly string[];
}

export interface ImageConfig {
  readonly architecture: string;
  readonly os: string;
  readonly created?: string;
  readonly config: {
    readonly User?: string;
    readonly Env?: readonly string[];
    readonly Entrypoint?: readonly string[];
    readonly Cmd?: readonly string[];
    readonly Labels?: Readonly<Record<string, string>>;
    readonly ExposedPorts?: Readonly<Record<string, unknown>>;
  };
  readonly rootfs: { readonly diff_ids: readonly string[] };
  readonly history?: readonly Readonly<Record<string, unknown>>[];
}

/** Reads a docker-archive (https://github.com/moby/docker-image-spec/blob/main/spec.md#combined-image-json--filesystem-changeset-format). */
export async function readArchive(archive: string): Promise<ArchivedImage> {
  const [entry] = JSON.parse(await fileIn(archive, 'manifest.json')) as {
    Config: string;
    RepoTags: string[] | null;
    Layers: string[];
  }[];
  if (entry === undefined) throw new Error(`${archive}: no image in manifest.json`);
  const text = await fileIn(archive, entry.Config);
  return {
    tags: entry.RepoTags ?? [],
    id: `sha256:${createHash('sha256').update(text).digest('hex')}`,
    config: JSON.parse(text) as ImageConfig,
    layers: entry.Layers,
  };
}

/** Bytes of a layer as a registry would hold it: gzip, level 6. */
export function compressedSize(archive: string, layer: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const tar = spawn('tar', ['-xOf', archive, layer], { stdio: ['ignore', 'pipe', 'inherit'] });
    let bytes = 0;
    const gzip = createGzip({ level: 6 });
    gzip.on('data', (chunk: Buffer) => (bytes += chunk.length));
    gzip.on('end', () => resolve(bytes));
    gzip.on('error', reject);
    tar.on('error', reject);
    tar.stdout.pipe(gzip);
  });
}

/** A text file of a layer: `app/sbom.cdx.json`. */
export function fileInLayer(archive: string, layer: string, path: string): Promise<string> {
  const pipe = 'tar -xOf "$1" "$2" | tar -xOf - "$3"';
  return runCommand('sh', ['-c', pipe, 'sh', archive, layer, path], { what: `read ${path}` });
}

function fileIn(archive: string, path: string): Promise<string> {
  return runCommand('tar', ['-xOf', archive, path], { what: `read ${archive}` });
}
