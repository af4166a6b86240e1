import { describe, expect, it } from 'vitest';
import { ApiError } from '../kubernetes/api-error.ts';
import { systemClock } from '../lib/clock.ts';
import { silentLogger } from '../lib/logger.ts';
import { createWriteQueue } from './write-queue.ts';

describe('controller/write-queue', () => {
  it('is not settled by one protected node while others wait for their turn', async () => {
    const stop = new AbortController();
    const written: string[] = [];
    const queue = createWriteQueue({
      clock: systemClock,
      log: silentLogger,
      // A burst of two hundred, then one every ten milliseconds.
      writesPerSecond: 100,
      writesInFlight: 4,
      send: ({ node }) => {
        if (node === 'node-0') throw new ApiError('forbidden', 'a policy protects it');
        written.push(node);
        return Promise.resolve('written');
      },
    });
    const names = Array.from({ length: 220 }, (_, at) => `node-${at}`);
    for (const node of names) queue.put({ node, uid: node, wanted: {} });
    queue.retain(new Set(names), names.length);
    const running = queue.run(stop.signal);
    await queue.settled(stop.signal);
    stop.abort();
    await running;
    expect(written).toHaveLength(219);
  });
});
