import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { pageNames } from '../../../src/dashboards/grafana/links.ts';
import { parseDurationMs } from '../../../src/lib/duration.ts';
import { takePictures } from './preview/pictures.ts';
import { startMonitored } from './start-monitored.ts';

const help = `npm run dashboards -- [flags]

Draws dashboards as pictures from what a real Prometheus answers to its queries. Without --prometheus it starts
collectors, kubelets, controllers and a Prometheus of its own first and ends them afterwards.

  --prometheus URL    ask this Prometheus
  --after 6m          how long ours collects before the pictures are taken
  --range 6m          time range of the pictures
  --pages LIST        default overview,node,pod,health; own-health is the fifth
  --out FOLDER        default docs/images
  --html              also as documents that can be zoomed
  --help              this text
`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { values } = parseArgs({
  options: {
    prometheus: { type: 'string' },
    after: { type: 'string', default: '6m' },
    range: { type: 'string', default: '6m' },
    out: { type: 'string', default: join(import.meta.dirname, '..', '..', '..', 'docs', 'images') },
    pages: { type: 'string', default: 'overview,node,pod,health' },
    html: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const pages = pageNames.filter((name) => values.pages.split(',').includes(name));

async function draw(url: string): Promise<void> {
  const toSeconds = Math.floor(Date.now() / 1_000);
  const seconds = parseDurationMs(values.range) / 1_000;
  const range = {
    fromSeconds: toSeconds - seconds,
    toSeconds,
    stepSeconds: Math.max(1, Math.round(seconds / 300)),
  };
  const empty = await takePictures(url, range, { pages, folder: values.out, html: values.html });
  for (const [page, titles] of Object.entries(empty)) {
    say(
      `${page}: ${titles.length === 0 ? 'all panels have data' : `no data in ${titles.join(', ')}`}`,
    );
  }
  say(`written to ${values.out}`);
}

/** Ctrl-C ends in order: what was started is stopped, and its folders go. */
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => interrupted.abort());
}

if (values.help) {
  say(help);
} else if (values.prometheus === undefined) {
  const monitored = await startMonitored({ progress: (line) => say(`  ${line} …`) });
  try {
    say(`collecting for ${values.after}; Prometheus: ${monitored.prometheus.url}`);
    await sleep(parseDurationMs(values.after), undefined, { signal: interrupted.signal });
    await draw(monitored.prometheus.url);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    process.exitCode = 1;
  } finally {
    await monitored.stop();
  }
} else {
  await draw(values.prometheus);
}
