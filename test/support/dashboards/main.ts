import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { pageNames } from '../../../src/dashboards/grafana/links.ts';
import { parseDurationMs } from '../../../src/lib/duration.ts';
import { takePictures } from './preview/pictures.ts';
import { playedScrapeSeconds, startPlayedWeek } from './played-week/start-played-week.ts';
import { startMonitored } from './start-monitored.ts';

const help = `npm run dashboards -- [flags]

Draws dashboards as pictures from what a real Prometheus answers to its queries. They are drawn by our own code, not by
Grafana. Without --prometheus it fills one of its own with days of a played cluster first, in about two minutes.

  --prometheus URL    ask this Prometheus
  --live 6m           instead of playing days, start collectors, kubelets and controllers and watch them for so long
  --days 8            how many days are played
  --range 24h         time range of the pictures (with --live as long as that)
  --pages LIST        default overview,node,pod,health; own-health is the fifth (it has no played data)
  --out FOLDER        default docs/images
  --html              also as documents that can be zoomed
  --help              this text
`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { values } = parseArgs({
  options: {
    prometheus: { type: 'string' },
    live: { type: 'string' },
    days: { type: 'string', default: '8' },
    range: { type: 'string' },
    out: { type: 'string', default: join(import.meta.dirname, '..', '..', '..', 'docs', 'images') },
    pages: { type: 'string', default: 'overview,node,pod,health' },
    html: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const pages = pageNames.filter((name) => values.pages.split(',').includes(name));

interface Drawn {
  readonly toSeconds: number;
  readonly scrapeSeconds: number;
}

async function draw(url: string, { toSeconds, scrapeSeconds }: Drawn): Promise<void> {
  const seconds = parseDurationMs(values.range ?? values.live ?? '24h') / 1_000;
  const range = {
    fromSeconds: toSeconds - seconds,
    toSeconds,
    stepSeconds: Math.max(scrapeSeconds, Math.round(seconds / 300)),
    rateIntervalSeconds: Math.max(20, 4 * scrapeSeconds),
  };
  const empty = await takePictures(url, range, { pages, folder: values.out, html: values.html });
  for (const [page, titles] of Object.entries(empty)) {
    say(
      `${page}: ${titles.length === 0 ? 'all panels have data' : `no data in ${titles.join(', ')}`}`,
    );
  }
  say(`written to ${values.out}`);
}

const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

/** Ctrl-C ends in order: what was started is stopped, and its folders go. */
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => interrupted.abort());
}

async function drawLive(lengthText: string): Promise<void> {
  const monitored = await startMonitored({ progress: (line) => say(`  ${line} …`) });
  try {
    say(`collecting for ${lengthText}; Prometheus: ${monitored.prometheus.url}`);
    await sleep(parseDurationMs(lengthText), undefined, { signal: interrupted.signal });
    await draw(monitored.prometheus.url, { toSeconds: nowSeconds(), scrapeSeconds: 1 });
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    process.exitCode = 1;
  } finally {
    await monitored.stop();
  }
}

async function drawPlayed(): Promise<void> {
  // Whole scrapes, so that the newest moment has samples.
  const endSeconds = Math.floor(nowSeconds() / playedScrapeSeconds) * playedScrapeSeconds;
  const prometheus = await startPlayedWeek({
    endSeconds,
    days: Number(values.days),
    progress: (line) => say(`  ${line} …`),
  });
  try {
    await draw(prometheus.url, { toSeconds: endSeconds, scrapeSeconds: playedScrapeSeconds });
  } finally {
    await prometheus.stop();
  }
}

if (values.help) say(help);
else if (values.prometheus !== undefined) {
  await draw(values.prometheus, { toSeconds: nowSeconds(), scrapeSeconds: 15 });
} else if (values.live !== undefined) await drawLive(values.live);
else await drawPlayed();
