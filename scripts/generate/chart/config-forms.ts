import { optionNames, placesOf, specOf } from '../../../src/config/names.ts';
import type { Mode } from '../../../src/config/option-spec.ts';
import { fileSchema } from '../options-schema.ts';

/**
 * collector.config and controller.config: what of the options table may stand in each. Those that have to agree with ports,
 * mounts and roles are refused by templates/_checks.tpl, which can say what to set in their place.
 */
export function configForms(): Readonly<Record<string, object>> {
  return { collectorConfig: formFor('collector'), controllerConfig: formFor('controller') };
}

function formFor(mode: Mode): object {
  const inFile = optionNames.filter((name) => placesOf(name).includes('file'));
  return fileSchema(inFile.filter((name) => specOf(name).modes.includes(mode)));
}
