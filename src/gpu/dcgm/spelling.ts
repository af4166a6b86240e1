import type { Series } from './exposition-text.ts';
import { dcgmFields } from './fields.ts';

/** Labels by their lower-case spelling: some collectors (Azure's, OpenTelemetry's) make all names small; exporters before 2.0 wrote pod_name. */
const labelNames: Readonly<Record<string, string>> = {
  uuid: 'UUID',
  modelname: 'modelName',
  hostname: 'Hostname',
  gpu_i_id: 'GPU_I_ID',
  gpu_i_profile: 'GPU_I_PROFILE',
  dcgm_fi_driver_version: 'DCGM_FI_DRIVER_VERSION',
  pod_name: 'pod',
  pod_namespace: 'namespace',
  container_name: 'container',
};

/** The lines of dcgm-exporter in its usual spelling, whatever case they came in; lines of others are left out. */
export function dcgmSeries(all: readonly Series[]): Series[] {
  return all.flatMap((series) => {
    const name = familyName(series.name);
    if (name === null) return [];
    const labels = new Map<string, string>();
    for (const [label, value] of series.labels) {
      const usual = labelNames[label.toLowerCase()] ?? label;
      // Of two spellings of one label the one that says something counts.
      if (value !== '' || !labels.has(usual)) labels.set(usual, value);
    }
    return [{ ...series, name, labels }];
  });
}

/** Whether a page tells about families of dcgm-exporter, if only in its comments. */
export function namesDcgmFamilies(text: string): boolean {
  return /^# (?:HELP|TYPE) DCGM_/im.test(text);
}

/** OpenMetrics puts `_total` behind the name of a counter. */
function familyName(name: string): string | null {
  const upper = name.toUpperCase();
  if (!upper.startsWith('DCGM_')) return null;
  const bare = upper.replace(/_TOTAL$/, '');
  return !Object.hasOwn(dcgmFields, upper) && Object.hasOwn(dcgmFields, bare) ? bare : upper;
}
