/** Clocks may differ by this much; a sample from further ahead would count as new for as long as the clocks differ. */
const mostAheadMs = 60_000;

/** Whether a sample of that time says something about now. */
export function isFreshSample(sampleMs: number, nowMs: number, freshMs: number): boolean {
  const ageMs = nowMs - sampleMs;
  return ageMs <= freshMs && ageMs >= -mostAheadMs;
}
