import type { GpuObservation } from './usage-source.ts';

/** Clocks may differ by this much; a sample from further ahead would count as new for as long as the clocks differ. */
const mostAheadMs = 60_000;

/** Whether a sample of that time says something about now. */
export function isFreshSample(sampleMs: number, nowMs: number, freshMs: number): boolean {
  const ageMs = nowMs - sampleMs;
  return ageMs <= freshMs && ageMs >= -mostAheadMs;
}

/** Scrapes that may fail before a sample says nothing about now. */
const mostMissedScrapes = 3;

/** How old a sample of this GPU may be: `leastMs`, or longer where it is scraped rarely. */
export function freshFor(
  { sampleIntervalMs = 0 }: Pick<GpuObservation, 'sampleIntervalMs'>,
  leastMs: number,
): number {
  return Math.max(leastMs, mostMissedScrapes * sampleIntervalMs);
}
