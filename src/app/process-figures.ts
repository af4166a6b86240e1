import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessFigures } from '../exposition/self-observation.ts';

/** What this process uses now. */
export function processFigures(eventLoopDelayMaxMs: number): ProcessFigures {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
  return {
    residentBytes: rss,
    heapUsedBytes: heapUsed,
    heapTotalBytes: heapTotal,
    externalBytes: external,
    cpuSeconds: (user + system) / 1e6,
    startTimeMs: performance.timeOrigin,
    openFileDescriptors: openFileDescriptors(),
    maxFileDescriptors,
    eventLoopDelayMaxMs,
  };
}

function openFileDescriptors(): number | null {
  try {
    // The one that reads the folder is among them.
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    return null;
  }
}

/** Node raises the soft limit to the hard one when it starts; it does not change afterwards. */
const maxFileDescriptors = readMaxFileDescriptors();

function readMaxFileDescriptors(): number | null {
  try {
    const soft = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}
