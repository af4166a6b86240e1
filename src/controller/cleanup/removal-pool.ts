import type { AnnotationPatch } from '../../kubernetes/node-patch.ts';
import type { Clock } from '../../lib/clock.ts';
import { createTokenBucket } from '../writes/token-bucket.ts';

export interface RemovalPoolOptions {
  readonly clock: Clock;
  readonly writesPerSecond: number;
  readonly writesInFlight: number;
  /** Deals with one patch; never throws. */
  readonly send: (patch: AnnotationPatch) => Promise<void>;
}

/** Sends patches, so many at once and so many per second at most. Resolves when all are done, or when the signal has aborted and the last one under way has ended. */
export async function sendAll(
  patches: readonly AnnotationPatch[],
  options: RemovalPoolOptions,
  signal: AbortSignal,
): Promise<void> {
  const { clock, writesPerSecond, writesInFlight, send } = options;
  const bucket = createTokenBucket(clock, writesPerSecond, Math.max(1, writesPerSecond));
  const waiting = patches.values();
  const work = async (): Promise<void> => {
    for (const patch of waiting) {
      for (let waitMs = bucket.waitMs(); waitMs > 0 && !signal.aborted; waitMs = bucket.waitMs()) {
        await clock.sleep(waitMs, signal);
      }
      if (signal.aborted) return;
      bucket.take();
      await send(patch);
    }
  };
  await Promise.all(Array.from({ length: writesInFlight }, work));
}
