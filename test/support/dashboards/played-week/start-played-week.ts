import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { recordingGroups, ruleFiles } from '../../../../src/dashboards/rule-files.ts';
import { selectorsOf } from '../../promql/syntax.ts';
import { startPrometheus, type Prometheus } from '../../prometheus.ts';
import { backFillRules, backFillSamples } from '../../prometheus-back-fill.ts';
import { everything, interpolate, panelQueries } from '../expressions.ts';
import { makeDataDir } from '../../service.ts';
import { playedSamples } from './samples.ts';
import { daySeconds, playedWeek } from './schedule.ts';

export interface PlayedWeekOptions {
  /** The newest moment, Unix seconds. */
  readonly endSeconds: number;
  readonly days: number;
  readonly progress?: (line: string) => void;
}

/** How often the played collectors are scraped: seldom, so that days are filled in a minute. Rates of five minutes still have two samples. */
export const playedScrapeSeconds = 120;

/** A real Prometheus whose past is filled with days of a small cluster: nothing runs and nothing is waited for. */
export async function startPlayedWeek({
  endSeconds,
  days,
  progress = () => undefined,
}: PlayedWeekOptions): Promise<Prometheus> {
  const fromSeconds = endSeconds - days * daySeconds;
  const folder = await makeDataDir('played-week');
  const rules = join(folder, 'rules');
  try {
    await mkdir(rules);
    const prometheus = await startPrometheus({
      config: {},
      retention: '30d',
      // What is filled in afterwards has no marks where a series ends: without this, a GPU would show two patterns for five minutes.
      extraArgs: [`--query.lookback-delta=${playedScrapeSeconds - 1}s`],
    });
    const data = join(prometheus.dataDir, 'data');
    const reopened = async (work: () => Promise<void>): Promise<void> => {
      await work();
      await prometheus.halt();
      await prometheus.start();
    };
    try {
      progress(`playing ${days} days of three nodes`);
      const range = { fromSeconds, toSeconds: endSeconds, stepSeconds: playedScrapeSeconds };
      const samples = playedSamples(playedWeek(endSeconds, days), wantedFamilies(), range);
      await reopened(() => backFillSamples(data, samples));
      const file = join(rules, 'recording.yaml');
      await writeFile(file, ruleFiles['recording.yaml']());
      // Twice: the rules of hours build on those of counts.
      for (const pass of ['counts', 'hours']) {
        progress(`evaluating the recording rules over them (${pass})`);
        await reopened(() =>
          backFillRules(data, { url: prometheus.url, file, fromSeconds, toSeconds: endSeconds }),
        );
      }
      return prometheus;
    } catch (error) {
      await prometheus.stop();
      throw error;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const intervals = { rateInterval: '5m', range: '1d' };

/** All that a panel or a rule looks at. */
function wantedFamilies(): ReadonlySet<string> {
  const expressions = [
    ...panelQueries().map(({ target }) => interpolate(target.expr, everything, intervals)),
    ...recordingGroups.flatMap(({ rules }) => rules.map(({ expr }) => expr)),
  ];
  return new Set(expressions.flatMap((expr) => selectorsOf(expr).map(({ metric }) => metric)));
}
