import { parseProfile } from './annotations/profile.ts';
import type { ProfileEntry } from './annotations/profile-entry.ts';

/** A GPU of which something else is said than before. */
export interface PatternChange {
  readonly index: number;
  readonly from: string;
  readonly to: string;
}

/** Changes of pattern between two gpu-profile annotations. A GPU that is new is no change; one that is forgotten neither. */
export function patternChanges(
  before: string | undefined,
  after: string | undefined,
): readonly PatternChange[] {
  if (before === after) return [];
  const known = new Map(parseProfile(before).entries.map((entry) => [entry.uuid, entry]));
  return parseProfile(after).entries.flatMap((entry) => {
    const old = known.get(entry.uuid);
    if (old === undefined || old.pattern === entry.pattern) return [];
    return [{ index: entry.i, from: old.pattern, to: words(entry) }];
  });
}

/** One line for people. */
export function changeText(changes: readonly PatternChange[]): string {
  return changes.map(({ index, from, to }) => `GPU ${index}: ${from} → ${to}`).join('; ');
}

function words(entry: ProfileEntry): string {
  if (entry.periodSeconds !== undefined) return `${entry.pattern} every ${entry.periodSeconds} s`;
  const { apparentPeriodSeconds } = entry;
  if (apparentPeriodSeconds !== undefined)
    return `${entry.pattern} about every ${apparentPeriodSeconds} s (apparent: a faster cycle could look the same)`;
  return entry.pattern;
}
