import type { PublishedVerdict } from '../analysis/verdict.ts';
import type { ProfileEntry } from './annotations/profile-entry.ts';

/** The shorter window of the analysis, and so what it takes to say anything as well as before. */
const leastSeconds = 120;
/** Four cycles make a cycle firm; two more, and half a minute, until several looks have agreed on it. */
const cyclesNeeded = 6;
const agreementSeconds = 30;
/** A collector remembers ten minutes: it never knows more than after these. */
const mostSeconds = 600;

/**
 * Whether a node's verdict rests on less than what is written of the GPU did: its collector has just been restarted, as
 * in every upgrade, and has not seen enough yet to find a cycle of that length again. What is written holds meanwhile.
 * False where nothing is written, or where the collector does not tell since when it has looked.
 */
export function isYoung(verdict: PublishedVerdict, written: ProfileEntry | undefined): boolean {
  const { watchedSinceSeconds, asOfSeconds } = verdict;
  if (watchedSinceSeconds === undefined || written === undefined) return false;
  if (written.pattern === 'unknown' || written.pattern === 'insufficient') return false;
  // Said by this very collector, which may of course learn more.
  if (Date.parse(written.since) / 1_000 >= watchedSinceSeconds) return false;
  const periodSeconds = written.periodSeconds ?? written.apparentPeriodSeconds ?? 0;
  const cycles = cyclesNeeded * periodSeconds + agreementSeconds;
  const needed = Math.min(mostSeconds, Math.max(leastSeconds, cycles));
  const watchedSeconds = asOfSeconds - watchedSinceSeconds;
  // Its clock has been set back since, and does not tell any more.
  return watchedSeconds >= 0 && watchedSeconds < needed;
}
