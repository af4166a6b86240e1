import { homedir } from 'node:os';
import { join } from 'node:path';

/** The user's cache folder for parts that were made: `parts/<part>/<version>/<executable>` below it. */
export function partsCache(): string {
  const base = process.env['XDG_CACHE_HOME'] ?? '';
  return join(base === '' ? join(homedir(), '.cache') : base, 'gpu-profiler', 'parts');
}
