import { jobTypes } from '../../../../src/analysis/verdict.ts';
import type { GpuHolder } from '../../../../src/attribution/gpu-holders.ts';
import type { PublishedVerdict } from '../../../../src/analysis/verdict.ts';
import { deviceFamilies } from '../../../../src/exposition/catalogue.ts';
import { createDeviceLabels } from '../../../../src/exposition/device-labels.ts';
import { gatherDevices } from '../../../../src/exposition/gather.ts';
import { sampleSnapshot } from '../../exposition/sample-snapshot.ts';
import type { PastSample } from '../../prometheus-back-fill.ts';
import { GpuPlayer } from './gpu-player.ts';
import type { PlayedNode } from './schedule.ts';

/**
 * What Prometheus would have scraped from our collectors over the played days: the families of our own exposition, of the names in `wanted` alone, and
 * how the leading controller counts GPUs by job type.
 */
export function* playedSamples(
  nodes: readonly PlayedNode[],
  wanted: ReadonlySet<string>,
  {
    fromSeconds,
    toSeconds,
    stepSeconds,
  }: Readonly<Record<`${'from' | 'to' | 'step'}Seconds`, number>>,
): Generator<PastSample> {
  const players = nodes.map(({ name, gpus }) => ({
    labels: createDeviceLabels(name),
    target: { job: 'gpu-profiler-collector', instance: name },
    gpus: gpus.map((gpu) => new GpuPlayer(gpu)),
  }));
  const families = deviceFamilies.filter(({ name }) => wanted.has(name));
  for (let timeSeconds = fromSeconds; timeSeconds <= toSeconds; timeSeconds += stepSeconds) {
    const counts = new Map<string, number>(jobTypes.map((jobType) => [jobType, 0]));
    for (const { labels, target, gpus } of players) {
      const moments = gpus.map((player) => player.moment(timeSeconds));
      const verdicts = new Map<string, PublishedVerdict>();
      const holders = new Map<string, readonly GpuHolder[]>();
      for (const { gpu, verdict, holder } of moments) {
        const { uuid } = gpu.device;
        if (verdict !== null) verdicts.set(uuid, verdict);
        if (holder !== null) holders.set(uuid, [holder]);
        const jobType = verdict?.jobType ?? 'Unknown';
        counts.set(jobType, (counts.get(jobType) ?? 0) + 1);
      }
      const snapshot = {
        ...sampleSnapshot(moments.map(({ gpu }) => gpu)),
        timeMs: timeSeconds * 1_000,
      };
      const observation = { snapshot, verdicts, holders, labels };
      for (const { family, samples } of gatherDevices(families, observation)) {
        for (const { value, labels: own, sharedLabels } of samples) {
          yield {
            name: family.name,
            labels: { ...target, ...sharedLabels, ...own },
            value,
            timeSeconds,
          };
        }
      }
    }
    const controller = { job: 'gpu-profiler-controller', instance: 'controller-0' };
    yield { name: 'gpu_profiler_controller_leader', labels: controller, value: 1, timeSeconds };
    for (const [jobType, value] of counts) {
      yield {
        name: 'gpu_profiler_controller_gpus',
        labels: { ...controller, job_type: jobType },
        value,
        timeSeconds,
      };
    }
  }
}
