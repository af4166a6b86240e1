import type { Section } from '../../grafana/layout.ts';
import { risingFrom } from '../../grafana/panel.ts';
import { stat } from '../../grafana/stat-panel.ts';
import { states } from '../../grafana/state-panel.ts';
import { table } from '../../grafana/table-panel.ts';
import { perDevice, perDeviceAnd } from '../../promql/devices.ts';
import { onGpu, select } from '../../promql/selector.ts';
import { noGpu, toNode } from '../devices.ts';
import { upMapping } from '../mappings.ts';

const up = perDevice('gpu_up', onGpu);

export const lossSection: Section = {
  title: 'Lost and silent GPUs',
  panels: [
    stat({
      title: 'GPUs that cannot be read',
      expr: `sum(1 - ${up})`,
      meaning: 'GPUs that their node knows of and that answer no more.',
      action: 'The table beside it has the reason and the node.',
      absent: 'No collector reports: nothing is known about any GPU.',
      unit: 'short',
      decimals: 0,
      width: 4,
      height: 6,
      thresholds: risingFrom([1, 'red']),
    }),
    stat({
      title: 'Oldest reading',
      expr: `max((time() - ${perDevice('gpu_last_read_timestamp_seconds', onGpu)}) and ${up} == 1)`,
      meaning:
        'Of the GPUs that are up, the age of the reading that is oldest. A few seconds and the scrape interval are normal.',
      action: 'Above a minute: a driver call hangs on that node, or its clock is wrong.',
      absent: noGpu,
      unit: 's',
      decimals: 0,
      width: 4,
      height: 6,
      thresholds: risingFrom([60, 'yellow'], [180, 'red']),
    }),
    table({
      title: 'Why they cannot be read',
      labels: { node: 'Node', gpu: 'GPU', uuid: 'UUID', reason: 'Reason' },
      columns: [
        {
          title: 'Unreadable',
          expr: `max by (node, gpu, uuid, reason) (${select('gpu_down_reason_info', onGpu)})`,
          unit: 'none',
          mappings: [{ type: 'value', options: { '1': { text: 'now', color: 'red' } } }],
          look: 'colored',
        },
      ],
      cellLinks: { Node: toNode },
      meaning:
        'gpu_lost: fell off the bus. reset_required: the driver wants a reset. call_hung: a driver call does not return. no_permission: the collector may not open the device. stale: not read for long. not_found: the driver lists it no more.',
      action: 'The runbook, under GpuLost, says for each reason what to do.',
      absent:
        'Every GPU that is known can be read, or no collector reports (see the count beside it).',
      unit: 'none',
      width: 16,
      height: 6,
    }),
    states({
      title: 'Readable or not',
      query: { expr: `min by (node, gpu) (${up})`, legend: '{{node}} GPU {{gpu}}' },
      mappings: [upMapping],
      meaning:
        'Each GPU over time. A gap: its collector did not report at all, or was not scraped.',
      action:
        'Red on one GPU: hardware or driver. Gaps on all GPUs of a node: the collector or the node.',
      absent: noGpu,
      unit: 'none',
      width: 14,
      height: 9,
    }),
    table({
      title: 'What GPUs do not report',
      labels: { node: 'Node', family: 'Family', reason: 'Reason' },
      columns: [
        {
          title: 'GPUs',
          expr: `count by (node, family, reason) (${perDeviceAnd('family, reason', 'gpu_reading_missing_info', onGpu)})`,
          unit: 'short',
          decimals: 0,
        },
      ],
      meaning:
        'Families without a series, and why. not_supported is a matter of the model and lasts; no_permission and unknown_error can be healed.',
      action: 'The same model on two nodes should miss the same: if not, compare the drivers.',
      absent: 'All GPUs report everything, or no collector reports.',
      unit: 'none',
      width: 10,
      height: 9,
    }),
  ],
};
