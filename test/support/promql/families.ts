import { families } from '../../../src/exposition/catalogue.ts';
import { controllerFamilies } from '../../../src/exposition/families/controller.ts';
import { recordingGroups } from '../../../src/dashboards/rule-files.ts';

/** What the scrape adds to every series; `cluster` where one Prometheus holds several. */
const scrapeLabels = ['cluster', 'job', 'instance'];
/** What it adds to series that have no such labels of their own: where the process itself runs. */
const targetLabels = [...scrapeLabels, 'node', 'namespace'];

/** Series that others make, with the labels that may be used of them. */
const foreign: Readonly<Record<string, readonly string[]>> = {
  up: targetLabels,
  scrape_duration_seconds: targetLabels,
  kube_node_status_capacity: ['cluster', 'node', 'resource'],
};

/** Labels by name of family: of our catalogue, of our recording rules, of the few that others make. */
export const labelsByFamily: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...[...families, ...controllerFamilies].map(
    ({ name, labels, dialect }) =>
      [name, new Set([...labels, ...(dialect === 'self' ? targetLabels : scrapeLabels)])] as const,
  ),
  ...recordingGroups.flatMap(({ rules }) =>
    rules.map(({ record, labels }) => [record, new Set(labels)] as const),
  ),
  ...Object.entries(foreign).map(([name, labels]) => [name, new Set(labels)] as const),
]);
