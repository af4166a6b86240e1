import { cellLink } from '../grafana/links.ts';
import { risingFrom, type Unit } from '../grafana/panel.ts';
import type { ValueColumn } from '../grafana/table-panel.ts';
import { hotCelsius } from '../limits.ts';
import { patternMapping } from '../patterns.ts';
import { stallMapping, upMapping } from './mappings.ts';

export const temperatureColors = risingFrom([75, 'yellow'], [hotCelsius.gpu, 'red']);

export const noGpu = 'No GPU is selected, or no collector reports it in this time range.';
export const notReported = 'None of the GPUs reports it; the health page lists why.';

/** What a table says of each GPU: the expression for each column is made of one per device. */
export function deviceColumns(
  of: (metric: string) => string,
  pattern: string,
): readonly ValueColumn[] {
  const column = (
    title: string,
    metric: string,
    unit: Unit,
    more: Partial<ValueColumn> = {},
  ): ValueColumn => ({
    title,
    expr: of(metric),
    unit,
    ...more,
  });
  const share = { decimals: 0, max: 1, look: 'gauge' } as const;
  return [
    {
      title: 'State',
      expr: of('gpu_up'),
      unit: 'none',
      look: 'colored',
      mappings: [upMapping],
    },
    {
      title: 'Pattern',
      expr: pattern,
      unit: 'none',
      look: 'colored',
      mappings: [patternMapping],
    },
    {
      title: 'Said since',
      expr: `1000 * (${of('gpu_usage_pattern_since_timestamp_seconds')})`,
      unit: 'dateTimeFromNow',
    },
    {
      title: 'Stalled',
      expr: of('gpu_usage_stall'),
      unit: 'none',
      look: 'colored',
      mappings: [stallMapping],
    },
    column('Period', 'gpu_usage_period_seconds', 's', { decimals: 1 }),
    column('Utilisation', 'gpu_utilization_window_mean_ratio', 'percentunit', share),
    {
      title: 'Memory',
      expr: `(${of('gpu_memory_used_bytes')}) / (${of('gpu_memory_total_bytes')})`,
      unit: 'percentunit',
      ...share,
    },
    column('Power', 'gpu_power_watts', 'watt', { decimals: 0 }),
    column('Temperature', 'gpu_temperature_celsius', 'celsius', {
      decimals: 0,
      look: 'colored',
      thresholds: temperatureColors,
    }),
  ];
}

export const toPod = cellLink('pod', 'What this pod does', { namespace: 'Namespace', pod: 'Pod' });
export const toNode = cellLink('node', 'This node', { node: 'Node' });
