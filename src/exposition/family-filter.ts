import { namePatterns } from '../lib/name-patterns.ts';
import type { FamilyFacts } from './family.ts';

/** Which families are shown, by patterns of their names with `*` for any characters. */
export interface FamilyFilter {
  /** Empty: all. */
  readonly include: readonly string[];
  /** Goes over `include`. */
  readonly exclude: readonly string[];
}

export const allFamilies: FamilyFilter = { include: [], exclude: [] };

export function shownFamilies<Family extends FamilyFacts>(
  families: readonly Family[],
  { include, exclude }: FamilyFilter,
): readonly Family[] {
  const isIncluded = include.length === 0 ? () => true : namePatterns(include);
  const isExcluded = namePatterns(exclude);
  return families.filter(({ name }) => isIncluded(name) && !isExcluded(name));
}

/** Patterns that fit no family: a slip of the pen, for nothing would be shown or hidden by them. */
export function patternsWithoutFamily(
  patterns: readonly string[],
  families: readonly FamilyFacts[],
): readonly string[] {
  return patterns.filter((pattern) => {
    const fits = namePatterns([pattern]);
    return !families.some(({ name }) => fits(name));
  });
}
