import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import packageFile from '../../package.json' with { type: 'json' };
import { compressedSize, fileInLayer, readArchive } from './archive.ts';
import { prepareBaseImages } from './base-images.ts';
import { chooseEngine } from './choose-engine.ts';
import { runCommand } from './command.ts';
import { npmSecrets } from './npm-access.ts';
import type { ImageOptions } from './options.ts';
import { sourceState } from './source-date.ts';
import { makeWorkFolder } from './work-folder.ts';

const root = dirname(dirname(import.meta.dirname));

export interface BuiltImage {
  readonly tag: string;
  readonly archive: string;
  /** Bill of materials beside the archive. */
  readonly sbom: string;
  /** The image's id: `sha256:…` of its configuration. */
  readonly digest: string;
  readonly base: string;
  /** As gzip, the app's layer alone and all layers. */
  readonly appBytes: number;
  readonly totalBytes: number;
}

/** Builds the image and writes its archive and bill of materials; leaves nothing else behind, also when it is interrupted. */
export async function buildImage(
  options: ImageOptions,
  say: (line: string) => void,
): Promise<BuiltImage> {
  const work = await makeWorkFolder();
  const folder = work.path;
  const startedMs = Date.now();
  const seconds = (): string => ((Date.now() - startedMs) / 1000).toFixed(0).padStart(4);
  const tell = (line: string): void => say(`[${seconds()} s] ${line}`);
  try {
    const engine = await chooseEngine(options.engine, { folder, verbose: options.verbose });
    tell(`engine: ${engine.name} ${engine.version}`);
    const cache = cacheFolder();
    mkdirSync(cache, { recursive: true });
    const node = join(root, 'node_modules', 'node', 'bin', 'node');
    const images = await prepareBaseImages({ ...options, engine, folder, cache, node, say: tell });
    const { date, revision } = await sourceState(root);
    tell(`build: npm ci, bundle, bill of materials, image (usually 1 to 2 min) …`);
    await engine.build({
      context: root,
      file: join(root, 'Dockerfile'),
      tag: options.tag,
      buildArgs: {
        BASE_IMAGE: images.base,
        BUILD_IMAGE: images.build,
        VERSION: packageFile.version,
        REVISION: revision,
      },
      secrets: npmSecrets(folder),
      sourceDate: date,
    });
    tell('build: done; writing the archive …');
    const draft = join(folder, 'image.tar');
    await engine.save(options.tag, draft);
    const built = await inspect(draft, options, images.description);
    tell(
      `image: ${options.tag}, ${mib(built.totalBytes)} compressed, ${mib(built.appBytes)} of it above the base`,
    );
    tell(`image: ${built.digest} in ${options.archive}, bill of materials ${built.sbom}`);
    return built;
  } finally {
    await work.remove();
  }
}

async function inspect(draft: string, options: ImageOptions, base: string): Promise<BuiltImage> {
  const image = await readArchive(draft);
  const sizes: number[] = [];
  for (const layer of image.layers) sizes.push(await compressedSize(draft, layer));
  const sbom = `${options.archive.replace(/\.tar$/, '')}.cdx.json`;
  mkdirSync(dirname(options.archive), { recursive: true });
  writeFileSync(sbom, await fileInLayer(draft, image.layers.at(-1) ?? '', 'app/sbom.cdx.json'));
  await runCommand('cp', [draft, `${options.archive}.new`], { what: 'write the archive' });
  renameSync(`${options.archive}.new`, options.archive);
  return {
    tag: options.tag,
    archive: options.archive,
    sbom,
    digest: image.id,
    base,
    appBytes: sizes.at(-1) ?? 0,
    totalBytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}

/** Where a base that was made is kept for the next time. */
function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'] ?? '';
  return join(base === '' ? join(homedir(), '.cache') : base, 'gpu-profiler', 'image');
}

function mib(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
