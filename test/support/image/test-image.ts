import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import packageFile from '../../../package.json' with { type: 'json' };
import { buildImage } from '../../../scripts/image/build-image.ts';
import { imageSources } from '../../../scripts/image/source-date.ts';
import { withLock } from '../../../scripts/setup/lock.mjs';
import { hashOf } from '../../../scripts/setup/project.mjs';
import { partsCache } from '../parts/cache.ts';
import { findPart } from '../parts/find-part.ts';

export interface TestImage {
  /** NAME:TAG under which the archive holds it: what the chart asks for without further values. */
  readonly tag: string;
  /** A docker-archive. */
  readonly archive: string;
  /** The image's id: `sha256:…` of its configuration. */
  readonly digest: string;
  /** The bill of materials beside it. */
  readonly sbom: string;
  /** Compressed size of what is above the base. */
  readonly appBytes: number;
  /** Of the sources it was built from: `sourceHash` then. */
  readonly sourceHash: string;
}

/** A hash over all that the image is built from and by, as it is now. */
export function sourceHash(): string {
  const hash = createHash('sha256').update(hashOf([...imageSources, 'scripts/image']));
  return hash.digest('hex').slice(0, 16);
}

let ours: Promise<TestImage> | undefined;

/**
 * The image of the sources as they are, on a base made from Debian packages: built once per content (half a minute), kept in
 * the parts' cache folder.
 */
export function testImage(): Promise<TestImage> {
  ours ??= findOrBuild();
  return ours;
}

async function findOrBuild(): Promise<TestImage> {
  const hash = sourceHash();
  const folder = join(partsCache(), 'image', hash);
  const record = join(folder, 'image.json');
  const say = (line: string): void => void process.stderr.write(`test image: ${line}\n`);
  const onWait = (pid: number): void => say(`waiting for process ${pid}, which is building it`);
  return withLock(join(folder, '.lock'), { onWait }, async () => {
    if (existsSync(record)) return JSON.parse(readFileSync(record, 'utf8')) as TestImage;
    await findPart('buildah');
    const built = await buildImage(
      {
        tag: `gpu-profiler:${packageFile.version}`,
        archive: join(folder, 'image.tar'),
        base: 'debian',
        buildImage: undefined,
        engine: 'buildah',
        verbose: false,
      },
      say,
    );
    const image: TestImage = { ...built, sourceHash: hash };
    removeOld(dirname(folder));
    // Sources that changed meanwhile gave an image of neither state: not for the next one.
    if (sourceHash() === hash) writeFileSync(record, JSON.stringify(image));
    return image;
  });
}

/** Each state of the sources leaves one of 140 MB: those that nobody has built for a day go. */
function removeOld(cache: string): void {
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name);
    if (Date.now() - statSync(folder).mtimeMs > 24 * 3600_000) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
