import type { Settings } from '../config/options.ts';
import { patternsWithoutFamily, type FamilyFilter } from '../exposition/family-filter.ts';
import type { FamilyFacts } from '../exposition/family.ts';
import { UsageError } from '../lib/errors.ts';

/**
 * Which of the families that a process has are shown.
 * @throws {UsageError} for a pattern that fits none of them.
 */
export function familyFilterOf(
  settings: Pick<Settings<'collector'>, 'metrics.include' | 'metrics.exclude'>,
  families: readonly FamilyFacts[],
): FamilyFilter {
  for (const option of ['metrics.include', 'metrics.exclude'] as const) {
    const [wrong] = patternsWithoutFamily(settings[option], families);
    if (wrong === undefined) continue;
    throw new UsageError(`${option}: ${wrong} is the name of no family of metrics`, {
      hint: 'The names are in docs/METRICS.md; * stands for any characters, as in gpu_usage_*.',
    });
  }
  return { include: settings['metrics.include'], exclude: settings['metrics.exclude'] };
}
