import { describe, expect, it } from 'vitest';
import { alertGroups } from '../../src/dashboards/rule-files.ts';
import { collectorScenarios } from '../support/alerts/collector-scenarios.ts';
import { controllerScenarios } from '../support/alerts/controller-scenarios.ts';
import { gpuScenarios } from '../support/alerts/gpu-scenarios.ts';
import { promtool } from '../support/alerts/promtool.ts';
import type { Scenario } from '../support/alerts/scenario.ts';
import { healthy, minutes, type Series } from '../support/alerts/series.ts';
import { describeWithCluster } from '../support/describe-with-cluster.ts';

const alerts = alertGroups.flatMap(({ rules }) => rules);
const scenarios = [...gpuScenarios, ...collectorScenarios, ...controllerScenarios];

interface Expectation {
  readonly expr: string;
  readonly eval_time: string;
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
}

function firing(atMinute: number, fires: Scenario['fires']): Expectation {
  const samples = Object.entries(fires).flatMap(([alertname, each]) =>
    each.map((labels) => {
      const severity = alerts.find(({ alert }) => alert === alertname)?.severity ?? '';
      const all = { alertname, alertstate: 'firing', severity, ...labels };
      const text = Object.entries(all).map(([name, value]) => `${name}="${value}"`);
      return { labels: `ALERTS{${text.join(',')}}`, value: 1 };
    }),
  );
  return { expr: 'ALERTS{alertstate="firing"}', eval_time: `${atMinute}m`, exp_samples: samples };
}

/** Has promtool play the series against the real rules. */
async function play(series: Series, expectations: readonly Expectation[]): Promise<string> {
  return promtool(['test', 'rules', 'test.json'], {
    'test.json': {
      rule_files: ['recording.yaml', 'alerts.yaml'],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
          promql_expr_test: expectations,
        },
      ],
    },
  });
}

describeWithCluster('rules in the real promtool', () => {
  it('are well formed', async () => {
    const said = await promtool(['check', 'rules', 'recording.yaml', 'alerts.yaml']);
    expect(said.match(/SUCCESS: \d+ rules/g)).toHaveLength(2);
  });

  it.each(['idle', 'cyclic'] as const)(
    'are silent in a healthy cluster that is %s',
    async (pattern) => {
      const times = [1, 5, 16, 31, 61, 130, 250, minutes - 1];
      const said = await play(
        healthy(pattern),
        times.map((time) => firing(time, {})),
      );
      expect(said).toContain('SUCCESS');
    },
  );

  it('are silent when there is nothing at all', async () => {
    const said = await play({ 'other{a="b"}': '1x400' }, [firing(minutes - 30, {})]);
    expect(said).toContain('SUCCESS');
  });

  it.each(scenarios.map((scenario) => [scenario.what, scenario] as const))(
    '%s',
    async (_what, { series, fires, atMinute, quietAtMinute }) => {
      const before = quietAtMinute === undefined ? [] : [firing(quietAtMinute, {})];
      const said = await play(series, [...before, firing(atMinute, fires)]);
      expect(said).toContain('SUCCESS');
    },
  );

  it('notice a wrong expectation, or this file could not fail', async () => {
    const expected = firing(100, { GpuLost: [{ node: 'n1' }] });
    await expect(play(healthy('idle'), [expected])).rejects.toThrow('GpuLost');
  });
});

describe('scenarios', () => {
  it('have each alert fire at least once', () => {
    const fired = new Set(scenarios.flatMap(({ fires }) => Object.keys(fires)));
    expect(alerts.map(({ alert }) => alert).filter((alert) => !fired.has(alert))).toEqual([]);
  });
});
