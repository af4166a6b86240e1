import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertGroups, recordingGroups } from '../../src/dashboards/rule-files.ts';
import { panelQueries } from '../support/dashboards/expressions.ts';
import { query, runTarget, type QueryRange, type Series } from '../support/dashboards/query.ts';
import { startMonitored, type Monitored } from '../support/dashboards/start-monitored.ts';
import { describeWithCluster } from '../support/describe-with-cluster.ts';
import { selectorsOf } from '../support/promql/syntax.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Panels that show nothing where all is well, by the family they are about; dashboards-problems.test.ts shows them something. */
const emptyWhenWell = new Map([
  ['own-health / What made the data doubtful / A', 'gpu_profiler_controller_usage_problems'],
]);
const leader = 'gpu_profiler_controller_leader';
/** Series that this scenario does not have: other people's, and those of faults of the controller. */
const notHere = new Set(['kube_node_status_capacity', 'gpu_profiler_controller_usage_problems']);

const alerts = alertGroups.flatMap(({ rules }) => rules);
const records = recordingGroups.flatMap(({ rules }) => rules);

describeWithCluster('dashboards and rules against our real output in a real Prometheus', () => {
  let cluster: Monitored;
  let range: QueryRange;

  const ask = (expr: string): Promise<readonly Series[]> =>
    query(cluster.prometheus.url, 'query', { query: expr });
  const valueOf = async (expr: string): Promise<number> =>
    Number((await ask(expr))[0]?.points[0]?.[1] ?? Number.NaN);

  const rangeOf = (expr: string): Promise<readonly Series[]> =>
    query(cluster.prometheus.url, 'query_range', {
      query: expr,
      start: String(range.fromSeconds),
      end: String(range.toSeconds),
      step: String(range.stepSeconds),
    });

  beforeAll(async () => {
    cluster = await startMonitored({ ruleInterval: '5s' });
    const told: Record<string, number> = {};
    await waitUntil(
      async () => {
        // 12 of 13 GPUs have a verdict, one is lost; periods are published, one of a GPU that a pod holds; the rules of the second group have run.
        told['verdicts'] = await valueOf('count(gpu_usage_pattern_info)');
        told['lost'] = await valueOf('sum(1 - gpu_up)');
        told['periods'] = await valueOf('count(gpu_usage_period_seconds)');
        told['periods of pods'] = await valueOf(
          'count(gpu_usage_period_seconds and on (node, uuid) gpu_pod_info)',
        );
        told['annotated'] = await valueOf(
          'sum(gpu_profiler_controller_gpus and on (instance) gpu_profiler_controller_leader == 1)',
        );
        told['hours'] = await valueOf('count(namespace:gpu_held_idle_hours:sum1d)');
        return (
          (told['verdicts'] ?? 0) >= 12 &&
          told['lost'] === 1 &&
          (told['periods'] ?? 0) >= 2 &&
          (told['periods of pods'] ?? 0) >= 1 &&
          (told['annotated'] ?? 0) >= 12 &&
          (told['hours'] ?? 0) >= 3
        );
      },
      {
        what: 'verdicts, annotations and recorded series',
        timeoutMs: 240_000,
        everyMs: 2_000,
        context: () => JSON.stringify(told),
      },
    );
    // Not before what was just seen.
    const toSeconds = Math.ceil(Date.now() / 1_000);
    range = { fromSeconds: toSeconds - 120, toSeconds, stepSeconds: 5 };
  }, 300_000);

  afterAll(async () => {
    await cluster?.stop();
  });

  // Panels of whole days are for played-week.test.ts: here are minutes.
  const ofMinutes = panelQueries().filter(({ panel }) => panel.interval !== '1d');

  it.each(ofMinutes.map((entry) => [entry.where, entry] as const))(
    '%s has data',
    async (where, { panel, target }) => {
      const series = await runTarget(cluster.prometheus.url, panel, target, range);
      const family = emptyWhenWell.get(where);
      const source =
        family === undefined ? null : await rangeOf(`${family} and on (instance) (${leader} == 1)`);
      // Nothing but where there is nothing to show.
      expect(series.length > 0).toBe(source === null || source.length > 0);
    },
  );

  it('has shares between nothing and all, in every panel and column of shares', async () => {
    const wrong: string[] = [];
    for (const { panel, target, where } of panelQueries()) {
      if (unitOf(panel, target.refId) !== 'percentunit') continue;
      const series = await runTarget(cluster.prometheus.url, panel, target, range);
      const values = series.flatMap(({ points }) => points.map(([, text]) => Number(text)));
      // Power may exceed its limit for a moment.
      if (values.some((value) => value < 0 || value > 1.1))
        wrong.push(`${where}: ${values.join(' ')}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each(
    [...records, ...alerts].map((rule) => ['record' in rule ? rule.record : rule.alert, rule.expr]),
  )('%s: is evaluated, and each series that it names exists', async (_name, expr = '') => {
    await ask(expr);
    for (const { metric } of selectorsOf(expr)) {
      if (notHere.has(metric)) continue;
      const found = await valueOf(`count(last_over_time(${metric}[1h]))`);
      expect(found, `series of ${metric}`).toBeGreaterThan(0);
    }
  });

  it.each(records.map(({ record }) => record))('%s is recorded', async (record) => {
    expect(await ask(record)).not.toEqual([]);
  });

  describe('in numbers', () => {
    it('counts what is held and idle as the scenario has it', async () => {
      // notebook-anna has one, notebook-ben two; the idle GPUs that nobody has do not count.
      expect(await valueOf('sum(node:gpu_held_idle:count)')).toBe(3);
      // Three are held, and hold memory.
      expect(await valueOf('sum(node:gpu_held_idle_memory_bytes:sum)')).toBeGreaterThan(2 ** 30);
      expect(await valueOf('sum(pod:gpu_held_idle:count{namespace="notebooks"})')).toBe(3);
      expect(await valueOf('sum(pod:gpu_held_idle:count{namespace!="notebooks"})')).toBe(0);
      expect(await valueOf('sum(node:gpu_devices:count)')).toBe(13);
      // Two pods share one GPU: each has it, and it is one GPU.
      expect(await valueOf('sum(pod:gpu_held:count{namespace="serving"})')).toBe(2);
      expect(await valueOf('node:gpu_held:count{node="gpu-node-2"}')).toBe(7);
    });

    it('has just the alerts pending that the scenario calls for', async () => {
      const wanted = [
        'GpuHeldIdle gpu-node-1 1',
        'GpuHeldIdle gpu-node-2 2',
        'GpuHeldIdle gpu-node-2 3',
        'GpuLost gpu-node-1 2',
        'GpuProfilerPodResourcesDown gpu-node-3 -',
        'GpuStalled gpu-node-1 3',
        'GpuStalled gpu-node-2 7',
      ];
      let told: string[] = [];
      const asWanted = async (): Promise<boolean> => {
        const pending = await ask('ALERTS');
        told = pending
          .map(({ metric }) => `${metric['alertname']} ${metric['node']} ${metric['gpu'] ?? '-'}`)
          .toSorted();
        return told.join() === wanted.join();
      };
      // Whether a GPU is stalled, or held and idle, is seen some seconds after the first verdicts.
      await waitUntil(asWanted, { what: 'alerts', timeoutMs: 60_000, everyMs: 1_000 }).catch(
        () => undefined,
      );
      expect(told).toEqual(wanted);
    });
  });
});

type Panel = ReturnType<typeof panelQueries>[number]['panel'];

/** Of the value of a query: the panel's, or in a table that of its column. */
function unitOf(panel: Panel, refId: string): unknown {
  if (panel.type !== 'table') return panel.fieldConfig.defaults.unit;
  const field = panel.targets.length === 1 ? 'Value' : `Value #${refId}`;
  const organize = panel.transformations?.find(({ id }) => id === 'organize')?.options as {
    renameByName: Record<string, string>;
  };
  const title = organize.renameByName[field];
  return panel.fieldConfig.overrides
    .find(({ matcher }) => matcher.options === title)
    ?.properties.find(({ id }) => id === 'unit')?.value;
}
