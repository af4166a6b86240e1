import type { PublishedVerdict } from '../../analysis/verdict.ts';
import { verdictKey } from '../../sampling/snapshot.ts';
import { infoPerGpu, perGpu, type DeviceFamily, type Labels, type Value } from '../family.ts';
import { ratioOf, rounded } from '../number.ts';

const bytesPerMiB = 1024 * 1024;

function usage(
  family: { name: string; help: string; unit: string; absentWhen?: string },
  value: (verdict: PublishedVerdict) => Value,
): DeviceFamily {
  return perGpu({
    ...family,
    absentWhen: family.absentWhen ?? 'the GPU has no verdict yet',
    value: (gpu, { verdicts }) => {
      const verdict = verdicts.get(verdictKey(gpu.device));
      return verdict === undefined ? undefined : value(verdict);
    },
  });
}

const notCyclic = 'the pattern is not cyclic';
const noPeriod = `${notCyclic}, or the period may be an alias of the sampling`;
const unknownData = 'the data does not tell';

/** The verdict about a GPU, made on the node. The controller reads it from here (by way of Prometheus) in place of analysing again. */
export const usageFamilies: readonly DeviceFamily[] = [
  infoPerGpu({
    name: 'gpu_usage_pattern_info',
    help: 'Usage pattern and job type of the GPU. tentative: few cycles seen so far. channel and period_publishable: only with pattern cyclic.',
    labels: ['pattern', 'job_type', 'tentative', 'channel', 'period_publishable'],
    absentWhen: 'the GPU has no verdict yet',
    series: (gpu, { verdicts }) => {
      const verdict = verdicts.get(verdictKey(gpu.device));
      return verdict === undefined ? [] : [patternLabels(verdict)];
    },
  }),
  usage(
    {
      name: 'gpu_usage_confidence_ratio',
      help: 'How sure the pattern is, 0 to 1.',
      unit: 'ratio',
    },
    ({ confidence }) => rounded(confidence),
  ),
  usage(
    {
      name: 'gpu_usage_period_seconds',
      help: 'Period of the cycle.',
      unit: 'seconds',
      absentWhen: noPeriod,
    },
    ({ cycle }) => (cycle?.publishable ? rounded(cycle.periodSeconds) : undefined),
  ),
  usage(
    {
      name: 'gpu_usage_apparent_period_seconds',
      help: 'Period that the samples show where a faster cycle could look the same; never together with gpu_usage_period_seconds.',
      unit: 'seconds',
      absentWhen: `${notCyclic}, or the period is certain`,
    },
    ({ cycle }) =>
      cycle?.publishable === false ? finite(rounded(cycle.periodSeconds)) : undefined,
  ),
  usage(
    {
      name: 'gpu_usage_period_margin_seconds',
      help: 'Half width of the 95 % confidence interval of the period, from the scatter of the cycles.',
      unit: 'seconds',
      absentWhen: `${noPeriod}, or fewer than three cycles could be matched`,
    },
    ({ cycle }) => (cycle?.publishable ? finite(rounded(cycle.periodMarginSeconds)) : undefined),
  ),
  usage(
    {
      name: 'gpu_usage_slower_period_seconds',
      help: 'Period of a slower cycle on top of the cycle, as of checkpoints on top of steps.',
      unit: 'seconds',
      absentWhen: `no slower cycle is seen, or ${noPeriod}`,
    },
    ({ cycle }) => (cycle?.publishable ? rounded(cycle.slowerPeriodSeconds) : undefined),
  ),
  usage(
    {
      name: 'gpu_usage_cycles',
      help: 'Cycles seen in the window.',
      unit: '',
      absentWhen: notCyclic,
    },
    ({ cycle }) => rounded(cycle?.cycles),
  ),
  usage(
    {
      name: 'gpu_usage_duty_ratio',
      help: 'Share of the period above the middle between low and high.',
      unit: 'ratio',
      absentWhen: notCyclic,
    },
    ({ cycle }) => rounded(cycle?.dutyRatio),
  ),
  usage(
    {
      name: 'gpu_usage_cycle_p_value',
      help: 'Probability of such a cycle without one, the larger of two null hypotheses.',
      unit: '',
      absentWhen: notCyclic,
    },
    ({ cycle }) => cycle?.pValue,
  ),
  usage(
    {
      name: 'gpu_usage_pattern_since_timestamp_seconds',
      help: 'When the pattern began to be said, Unix time.',
      unit: 'seconds',
    },
    ({ sinceSeconds }) => rounded(sinceSeconds),
  ),
  usage(
    {
      name: 'gpu_usage_as_of_timestamp_seconds',
      help: 'Time of the newest sample that the verdict rests on, Unix time.',
      unit: 'seconds',
    },
    ({ asOfSeconds }) => rounded(asOfSeconds),
  ),
  usage(
    {
      name: 'gpu_usage_watched_since_timestamp_seconds',
      help: 'Time of the first sample seen of the GPU since the collector started or the GPU came back, Unix time. What is said soon after rests on little.',
      unit: 'seconds',
    },
    ({ watchedSinceSeconds }) => rounded(watchedSinceSeconds),
  ),
  usage(
    {
      name: 'gpu_usage_window_seconds',
      help: 'Length of the data that the verdict rests on.',
      unit: 'seconds',
    },
    ({ windowSeconds }) => rounded(windowSeconds),
  ),
  usage(
    {
      name: 'gpu_usage_window_samples',
      help: 'Samples that the verdict rests on.',
      unit: '',
    },
    ({ sampleCount }) => sampleCount,
  ),
  usage(
    {
      name: 'gpu_usage_utilization_mean_ratio',
      help: 'Mean utilisation over the data of the verdict.',
      unit: 'ratio',
      absentWhen: unknownData,
    },
    ({ utilMeanPercent }) => ratioOf(utilMeanPercent),
  ),
  usage(
    {
      name: 'gpu_usage_utilization_spread_ratio',
      help: 'From the tenth to the ninetieth percentile of utilisation over the data of the verdict: how far a steady load is from flat.',
      unit: 'ratio',
      absentWhen: unknownData,
    },
    ({ utilSpreadPercent }) => ratioOf(utilSpreadPercent ?? null),
  ),
  usage(
    {
      name: 'gpu_usage_memory_copy_max_ratio',
      help: 'Largest memory-copy utilisation over the data of the verdict.',
      unit: 'ratio',
      absentWhen: unknownData,
    },
    ({ memCopyMaxPercent }) => ratioOf(memCopyMaxPercent),
  ),
  usage(
    {
      name: 'gpu_usage_memory_used_max_bytes',
      help: 'Most device memory in use over the data of the verdict.',
      unit: 'bytes',
      absentWhen: unknownData,
    },
    ({ memUsedMaxMiB }) => bytesOf(memUsedMaxMiB),
  ),
  usage(
    {
      name: 'gpu_usage_next_memory_used_max_bytes',
      help: 'Bound of device memory in use for the next two minutes.',
      unit: 'bytes',
      absentWhen: unknownData,
    },
    ({ nextMemUsedMaxMiB }) => bytesOf(nextMemUsedMaxMiB),
  ),
  usage(
    {
      name: 'gpu_usage_next_utilization_ratio',
      help: 'Expected mean utilisation over the next two minutes.',
      unit: 'ratio',
      absentWhen: unknownData,
    },
    ({ nextUtilMeanPercent }) => ratioOf(nextUtilMeanPercent),
  ),
  usage(
    {
      name: 'gpu_usage_stall',
      help: 'Whether the GPU shows full utilisation at low power (1), as when it is blocked in a collective.',
      unit: '',
    },
    ({ stall }) => (stall ? 1 : 0),
  ),
];

function patternLabels(verdict: PublishedVerdict): Labels {
  const labels: Record<string, string> = {
    pattern: verdict.pattern,
    job_type: verdict.jobType,
    tentative: String(verdict.tentative),
  };
  if (verdict.cycle !== null) {
    labels['channel'] = verdict.cycle.channel;
    labels['period_publishable'] = String(verdict.cycle.publishable);
  }
  return labels;
}

/** What is not known is absent. */
function finite(value: number | undefined): Value {
  return Number.isFinite(value) ? value : undefined;
}

function bytesOf(mebibytes: number | null): number | undefined {
  return mebibytes === null ? undefined : Math.round(mebibytes * bytesPerMiB);
}
