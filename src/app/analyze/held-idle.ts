import type { PublishedVerdict } from '../../analysis/verdict.ts';

interface HeldStretch {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly published: PublishedVerdict;
}

/** What a GPU cost that was held and not used. */
export interface HeldIdle {
  /** GPU hours of the recording in which memory was held and nothing computed. */
  readonly gpuHours: number;
  /** Most memory held in that time, MiB; null where it is not known. */
  readonly memUsedMaxMiB: number | null;
}

/** From the stretches that were said to be `alloc-idle`; null without any. Over nodes and days recording rules tell
 * the same: node:gpu_held_idle_hours:sum1d, node:gpu_held_idle_memory_bytes:sum. */
export function heldIdle(timeline: readonly HeldStretch[]): HeldIdle | null {
  const held = timeline.filter(({ published }) => published.pattern === 'alloc-idle');
  if (held.length === 0) return null;
  const seconds = held.reduce(
    (sum, { fromSeconds, toSeconds }) => sum + toSeconds - fromSeconds,
    0,
  );
  const memory = held.flatMap(({ published }) => published.memUsedMaxMiB ?? []);
  return {
    gpuHours: seconds / 3600,
    memUsedMaxMiB: memory.length === 0 ? null : Math.max(...memory),
  };
}
