import { chartReadme } from './chart/readme.ts';
import { valuesSchema } from './chart/values-schema.ts';
import { configurationDocument } from './configuration.ts';
import { metricsDocument } from './metrics.ts';
import { monitoringDocuments } from './monitoring.ts';
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
  { path: 'charts/gpu-profiler/values.schema.json', text: valuesSchema },
  { path: 'charts/gpu-profiler/README.md', text: chartReadme },
  ...monitoringDocuments,
];
