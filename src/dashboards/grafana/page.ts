import type { Dashboard, Variable } from './json.ts';
import { layOut, type Section } from './layout.ts';
import { pagesLink, uidOf, type PageName } from './links.ts';
import { clusterVariable, dataSourceVariable } from './variables.ts';

export interface PageSpec {
  readonly name: PageName;
  readonly title: string;
  readonly description: string;
  /** Beside the data source and the cluster. */
  readonly variables: readonly Variable[];
  readonly from: string;
  readonly sections: readonly Section[];
}

/** A dashboard in the model of Grafana 10.4, which newer versions migrate by themselves. */
export function page(spec: PageSpec): Dashboard {
  return {
    uid: uidOf(spec.name),
    title: `GPU profiler / ${spec.title}`,
    description: spec.description,
    tags: ['gpu-profiler'],
    timezone: 'browser',
    editable: true,
    // A crosshair shared by all panels: what happened at the same time stands below each other.
    graphTooltip: 1,
    time: { from: spec.from, to: 'now' },
    timepicker: {},
    refresh: '1m',
    schemaVersion: 39,
    templating: { list: [dataSourceVariable, clusterVariable, ...spec.variables] },
    annotations: { list: [] },
    links: [pagesLink],
    panels: layOut(spec.sections),
  };
}
