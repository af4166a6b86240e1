import { afterAll, beforeAll, expect, it } from 'vitest';
import { panelQueries } from '../support/dashboards/expressions.ts';
import {
  playedScrapeSeconds,
  startPlayedWeek,
} from '../support/dashboards/played-week/start-played-week.ts';
import { daySeconds } from '../support/dashboards/played-week/schedule.ts';
import { runTarget, type Series } from '../support/dashboards/query.ts';
import { describeWithCluster } from '../support/describe-with-cluster.ts';
import type { Prometheus } from '../support/prometheus.ts';

/** A Wednesday noon: notebooks are open, and whole days have ended before it. */
const endSeconds = Date.UTC(2026, 10, 25, 12) / 1_000;

describeWithCluster('dashboards over days of a played cluster in a real Prometheus', () => {
  let prometheus: Prometheus;

  beforeAll(async () => {
    prometheus = await startPlayedWeek({ endSeconds, days: 2 });
  }, 240_000);

  afterAll(() => prometheus?.stop());

  async function shown(page: string, title: string): Promise<readonly Series[]> {
    const found = panelQueries().find((each) => each.page === page && each.panel.title === title);
    if (found === undefined) throw new Error(`no panel ${title} on ${page}`);
    return runTarget(prometheus.url, found.panel, found.target, {
      fromSeconds: endSeconds - daySeconds,
      toSeconds: endSeconds,
      stepSeconds: 600,
      rateIntervalSeconds: 4 * playedScrapeSeconds,
    });
  }

  const lastOf = ({ points }: Series): number => Number(points.at(-1)?.[1]);
  const sumOfLast = (series: readonly Series[]): number =>
    series.reduce((sum, one) => sum + lastOf(one), 0);

  it('has one figure for the hours lost in the last day, whoever they are split by', async () => {
    const all = sumOfLast(await shown('overview', 'GPU hours lost, last 24 h'));
    expect(all).toBeGreaterThan(5);
    const nodes = await shown('overview', 'Nodes by GPU hours lost, last 24 h');
    const namespaces = await shown('overview', 'Namespaces by GPU hours lost, last 24 h');
    expect(sumOfLast(nodes)).toBeCloseTo(all, 1);
    expect(sumOfLast(namespaces)).toBeCloseTo(all, 1);
  });

  it('shows whole days that have ended in the bars', async () => {
    const [bars] = await shown('overview', 'GPU hours lost per day');
    const times = bars?.points.map(([seconds]) => seconds % daySeconds) ?? [];
    expect(times.length).toBeGreaterThan(0);
    expect(new Set(times)).toEqual(new Set([0]));
  });

  it('has utilisation by pattern at its level over the whole day, not climbing', async () => {
    const series = await shown('overview', 'Utilisation by pattern');
    const cyclic = series.find(({ metric }) => metric['pattern'] === 'cyclic');
    const values = cyclic?.points.map(([, text]) => Number(text)) ?? [];
    expect(values.length).toBeGreaterThan(100);
    const mean = (part: readonly number[]): number =>
      part.reduce((sum, value) => sum + value, 0) / part.length;
    expect(mean(values.slice(0, 20))).toBeCloseTo(mean(values.slice(-20)), 1);
  });
});
