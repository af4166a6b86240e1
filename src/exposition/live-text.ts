import type { LiveFamily, LiveObservation } from './families/live.ts';
import { shownName, type ExpositionFormat } from './registry.ts';

/** The lines of families whose values are taken at the scrape, at once. They have no labels, so there is nothing to escape. */
export function liveText(
  format: ExpositionFormat,
  families: readonly LiveFamily[],
  observation: LiveObservation,
): string {
  let text = '';
  for (const family of families) {
    const value = family.value(observation);
    if (value === null || value === undefined) continue;
    const { name, type } = shownName(family, format);
    text += `# HELP ${name} ${family.help}\n# TYPE ${name} ${type}\n${family.name} ${value}\n`;
  }
  return text;
}
