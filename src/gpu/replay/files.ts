import { access, glob } from 'node:fs/promises';
import { SourceError } from '../source.ts';
import type { Segment } from './trace.ts';

export interface ReplayFile {
  readonly path: string;
  /** Only this part of it, seconds of its `t_s`. */
  readonly segment?: Segment;
}

const segmentPattern = /#(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/;

/**
 * The files that `patterns` name, in the order in which the patterns are written, sorted by name within one pattern.
 * `file.csv#18-138` is the part from second 18 to 138. One file may be named several times: as several GPUs.
 * @throws {SourceError} `bad_file` for a pattern that names nothing or an empty segment.
 */
export async function findReplayFiles(patterns: readonly string[]): Promise<ReplayFile[]> {
  const files: ReplayFile[] = [];
  for (const pattern of patterns
    .flatMap((entry) => entry.split(','))
    .map((entry) => entry.trim())) {
    if (pattern === '') continue;
    const segment = segmentOf(pattern);
    const found = await matching(pattern.replace(segmentPattern, ''));
    if (found.length === 0) {
      throw new SourceError('bad_file', `no file matches ${pattern}`, {
        hint: 'Check --replay.files: a path or a pattern such as traces/*.csv, several separated by commas.',
      });
    }
    for (const path of found.sort()) files.push(segment ? { path, segment } : { path });
  }
  if (files.length === 0) {
    throw new SourceError('bad_file', 'no file to replay', {
      hint: 'Name recordings with --replay.files, for example --replay.files "traces/*.csv".',
    });
  }
  return files;
}

async function matching(pattern: string): Promise<string[]> {
  try {
    // A name with brackets in it is a name before it is a pattern.
    await access(pattern);
    return [pattern];
  } catch {
    const found: string[] = [];
    for await (const path of glob(pattern)) found.push(path);
    return found;
  }
}

function segmentOf(pattern: string): Segment | undefined {
  const match = segmentPattern.exec(pattern);
  if (!match) return undefined;
  const segment = { fromSeconds: Number(match[1]), toSeconds: Number(match[2]) };
  if (segment.toSeconds <= segment.fromSeconds) {
    throw new SourceError('bad_file', `${pattern}: the segment ends before it begins`, {
      hint: 'Write FILE#FROM-TO in seconds, for example trace.csv#18-138.',
    });
  }
  return segment;
}
