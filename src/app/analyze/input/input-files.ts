import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { SourceError } from '../../../gpu/source.ts';
import { messageOf } from '../../../lib/errors.ts';

/** One file to be read, or standard input. */
export interface InputFile {
  /** For messages: the path; standard input has a name of its own. */
  readonly name: string;
  /** Null: not known. */
  readonly bytes: number | null;
  /** Named by itself, not found in a folder: it must be a recording. */
  readonly isNamed: boolean;
  open(): Readable;
}

const standardInput: InputFile = {
  name: 'standard input',
  bytes: null,
  isNamed: true,
  open: () => createReadStream('standard input', { fd: 0, autoClose: false }),
};

/** `-` is standard input; a folder stands for every file in it and below, by name, but for hidden ones. @throws {SourceError} `bad_file` */
export async function inputFiles(path: string): Promise<InputFile[]> {
  if (path === '-') return [standardInput];
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return [fileAt(path, found.size, true)];
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const below = entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => !/(?:^|[/\\])\.[^/\\]/.test(file.slice(path.length)))
      .toSorted();
    const files: InputFile[] = [];
    for (const file of below) {
      // A link that leads nowhere is told when it is read.
      const target = await stat(file).catch(() => null);
      if (target === null || target.isFile()) files.push(fileAt(file, target?.size ?? null, false));
    }
    if (files.length > 0) return files;
  } catch (cause) {
    throw unreadable(path, cause);
  }
  throw new SourceError('bad_file', `${path}: a folder without files`, {
    hint: 'Name the folder that holds the recordings.',
  });
}

function fileAt(path: string, bytes: number | null, isNamed: boolean): InputFile {
  return { name: path, bytes, isNamed, open: () => createReadStream(path) };
}

/** The failure to read a file. */
export function unreadable(name: string, cause: unknown): SourceError {
  return new SourceError('bad_file', `${name} cannot be read: ${messageOf(cause)}`, {
    cause,
    hint: 'Check the path and its permissions.',
  });
}
