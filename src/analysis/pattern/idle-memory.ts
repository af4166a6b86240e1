import { classes } from '../thresholds.ts';

/** The memory that an idle GPU may hold, MiB: a desktop's or a driver's share, not a job's. */
export function idleMemoryMiB(memoryTotalMiB: number | undefined): number {
  return Math.max(classes.idleMemoryMiB, classes.idleMemoryShare * (memoryTotalMiB ?? 0));
}
