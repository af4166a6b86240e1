import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArchive, type ArchivedImage } from '../../../scripts/image/archive.ts';
import { failureOf, runCommand } from '../parts/run-command.ts';

export interface LayerEntry {
  /** `-rwxr-xr-x` */
  readonly mode: string;
  /** `0/0` */
  readonly owner: string;
  /** Without a leading `./`; folders end in `/`. */
  readonly path: string;
}

/** An image's archive, unpacked into a temporary folder. */
export class ImageContents {
  readonly image: ArchivedImage;
  readonly #folder: string;

  private constructor(image: ArchivedImage, folder: string) {
    this.image = image;
    this.#folder = folder;
  }

  static async open(archive: string): Promise<ImageContents> {
    const folder = mkdtempSync(join(tmpdir(), 'gpu-profiler-image-contents-'));
    await run('tar', ['-xf', archive, '-C', folder]);
    return new ImageContents(await readArchive(archive), folder);
  }

  /** `sha256:…` of each layer's file, bottom first. */
  layerDigests(): string[] {
    return this.image.layers.map((layer) => {
      const hash = createHash('sha256').update(readFileSync(join(this.#folder, layer)));
      return `sha256:${hash.digest('hex')}`;
    });
  }

  /** Entries of a layer: 0 is the bottom, -1 the top. */
  async entries(layer: number): Promise<LayerEntry[]> {
    const listed = await run('tar', ['-tvf', this.#file(layer), '--numeric-owner']);
    return listed
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [mode = '', owner = '', , , , path = ''] = line.split(/ +/);
        return { mode, owner, path: path.replace(/^\.\//, '') };
      });
  }

  text(layer: number, path: string): Promise<string> {
    return run('tar', ['-xOf', this.#file(layer), path]);
  }

  /** Whether the bytes of any layer, the configuration or the manifest hold a text. */
  holds(text: string): boolean {
    const files = readdirSync(this.#folder, { recursive: true, withFileTypes: true });
    return files
      .filter((entry) => entry.isFile())
      .some((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(text));
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #file(layer: number): string {
    return join(this.#folder, this.image.layers.at(layer) ?? '');
  }
}

async function run(command: string, args: readonly string[]): Promise<string> {
  const result = await runCommand(command, args, { timeoutMs: 120_000 });
  if (result.code !== 0) throw new Error(`${command} ${args.join(' ')}: ${failureOf(result)}`);
  return result.stdout;
}
