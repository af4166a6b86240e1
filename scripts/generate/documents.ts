import { configurationDocument } from './configuration.ts';
import { metricsDocument } from './metrics.ts';
import { optionsSchema } from './options-schema.ts';

export interface GeneratedDocument {
  /** From the root of the project. */
  readonly path: string;
  readonly text: () => string;
}

/** Every document that is made from a table of the program. */
export const documents: readonly GeneratedDocument[] = [
  { path: 'docs/CONFIGURATION.md', text: configurationDocument },
  { path: 'docs/options.schema.json', text: optionsSchema },
  { path: 'docs/METRICS.md', text: metricsDocument },
];
