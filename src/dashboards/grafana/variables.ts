import type { Variable } from './json.ts';

/** The data source that the reader chose. */
export const dataSource = { type: 'prometheus', uid: '${datasource}' } as const;

export const dataSourceVariable: Variable = {
  type: 'datasource',
  name: 'datasource',
  label: 'Prometheus',
  query: 'prometheus',
  hide: 0,
  refresh: 1,
  regex: '',
  multi: false,
  includeAll: false,
  options: [],
};

interface LabelVariable {
  readonly name: string;
  readonly label: string;
  /** Whose label values are offered. */
  readonly series: string;
  /** Default: the name. */
  readonly of?: string;
  readonly description: string;
  /** False: exactly one value, so that the page is about one thing. */
  readonly several: boolean;
  /** What "all" matches: `.*` also series without the label. */
  readonly all?: '.*' | '.+';
}

/** A variable with the values that a label has in the time range shown. */
export function labelVariable(spec: LabelVariable): Variable {
  const query = `label_values(${spec.series}, ${spec.of ?? spec.name})`;
  return {
    type: 'query',
    name: spec.name,
    label: spec.label,
    description: spec.description,
    datasource: dataSource,
    query: { query, refId: `variable-${spec.name}` },
    hide: 0,
    // Also what has gone by now is offered when the time range reaches back to it.
    refresh: 2,
    regex: '',
    sort: 7,
    multi: spec.several,
    includeAll: spec.several,
    ...(spec.several
      ? {
          allValue: spec.all ?? '.+',
          current: { selected: true, text: ['All'], value: ['$__all'] },
        }
      : {}),
    options: [],
  };
}

export const clusterVariable = labelVariable({
  name: 'cluster',
  label: 'Cluster',
  series: 'gpu_profiler_build_info',
  description:
    'Only where the data source holds several clusters, told apart by the label cluster.',
  several: true,
  all: '.*',
});

export const nodeVariable = labelVariable({
  name: 'node',
  label: 'Node',
  series: 'gpu_up{cluster=~"$cluster"}',
  description: 'Nodes with GPUs.',
  several: true,
});

export const oneNodeVariable = labelVariable({
  name: 'node',
  label: 'Node',
  series: 'gpu_up{cluster=~"$cluster"}',
  description: 'The node that this page is about.',
  several: false,
});

export const gpuVariable = labelVariable({
  name: 'gpu',
  label: 'GPU',
  series: 'gpu_up{cluster=~"$cluster",node=~"$node"}',
  description: "The driver's index.",
  several: true,
});

export const namespaceVariable = labelVariable({
  name: 'namespace',
  label: 'Namespace',
  series: 'gpu_pod_info{cluster=~"$cluster"}',
  description: 'Namespaces with pods that hold GPUs.',
  several: true,
});

export const podVariable = labelVariable({
  name: 'pod',
  label: 'Pod',
  series: 'gpu_pod_info{cluster=~"$cluster",namespace=~"$namespace"}',
  description: 'Pods that hold GPUs, also those that held one in the time range shown.',
  several: true,
});
