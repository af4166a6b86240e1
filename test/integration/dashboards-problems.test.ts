import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { panelQueries } from '../support/dashboards/expressions.ts';
import { runTarget } from '../support/dashboards/query.ts';
import { describeWithCluster } from '../support/describe-with-cluster.ts';
import { backFillSamples } from '../support/prometheus-back-fill.ts';
import { startPrometheus, type Prometheus } from '../support/prometheus.ts';

/** A minute in which the leading of two controllers tells of one problem, and a former leader still has another. */
const toSeconds = Math.floor(Date.now() / 1_000) - 3_600;
const timesSeconds = [60, 45, 30, 15, 0].map((ago) => toSeconds - ago);

function controllerSamples(instance: string, isLeader: boolean, code: string) {
  const labels = { job: 'gpu-profiler-controller', instance };
  return timesSeconds.flatMap((timeSeconds) => [
    {
      name: 'gpu_profiler_controller_leader',
      labels,
      value: isLeader ? 1 : 0,
      timeSeconds,
    },
    {
      name: 'gpu_profiler_controller_usage_problems',
      labels: { ...labels, code },
      value: 3,
      timeSeconds,
    },
  ]);
}

describeWithCluster('panels that are empty while all is well, when it is not', () => {
  let prometheus: Prometheus;

  beforeAll(async () => {
    prometheus = await startPrometheus({ config: {}, retention: '30d' });
    const samples = [
      ...controllerSamples('controller-0', true, 'partial_answer'),
      ...controllerSamples('controller-1', false, 'no_gpu_series'),
    ];
    await backFillSamples(join(prometheus.dataDir, 'data'), samples);
    await prometheus.halt();
    await prometheus.start();
  });

  afterAll(async () => {
    await prometheus?.stop();
  });

  it('"What made the data doubtful" shows the problems of the leader by code', async () => {
    const asked = panelQueries().find(({ where }) => where.includes('What made the data doubtful'));
    if (asked === undefined) throw new Error('the panel is gone');
    const range = { fromSeconds: toSeconds - 45, toSeconds, stepSeconds: 15 };
    const series = await runTarget(prometheus.url, asked.panel, asked.target, range);
    expect(series.map(({ metric }) => metric)).toEqual([{ code: 'partial_answer' }]);
    expect(series[0]?.points.map(([, value]) => value)).toEqual(['3', '3', '3', '3']);
  });
});
