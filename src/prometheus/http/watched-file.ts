import { readFile, stat } from 'node:fs/promises';
import { messageOf } from '../../lib/errors.ts';
import { PrometheusError } from '../errors.ts';

/**
 * A small file that others rotate (token, password, certificate): read again when its modification time, size or inode changes.
 * While it cannot be read the last content is kept, because a rotation may unlink it for a moment.
 */
export class WatchedFile {
  readonly path: string;
  #stamp = '';
  #content: string | null = null;
  #version = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** Counts the contents seen so far. */
  get version(): number {
    return this.#version;
  }

  /** @throws {PrometheusError} `file_unreadable` when it never could be read. */
  async read(): Promise<string> {
    try {
      const { mtimeMs, size, ino } = await stat(this.path);
      const stamp = `${mtimeMs}:${size}:${ino}`;
      if (this.#content === null || stamp !== this.#stamp) {
        this.#content = await readFile(this.path, 'utf8');
        this.#stamp = stamp;
        this.#version += 1;
      }
    } catch (error) {
      if (this.#content === null) {
        throw new PrometheusError('file_unreadable', `cannot read ${this.path}`, {
          cause: messageOf(error),
        });
      }
    }
    return this.#content;
  }
}
