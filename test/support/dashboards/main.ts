import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parseDurationMs } from '../../../src/lib/duration.ts';
import '../exit-on-signal.ts';
import { takePictures } from './preview/pictures.ts';
import { startMonitored } from './start-monitored.ts';

const help = `npm run dashboards -- [flags]

Draws every dashboard as a picture and as HTML from what a real Prometheus answers to its queries. Without --prometheus it starts
collectors, kubelets, controllers and a Prometheus of its own first and ends them afterwards.

  --prometheus URL    ask this Prometheus
  --after 6m          how long ours collects before the pictures are taken
  --range 6m          time range of the pictures
  --out FOLDER        default docs/images
  --help              this text
`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { values } = parseArgs({
  options: {
    prometheus: { type: 'string' },
    after: { type: 'string', default: '6m' },
    range: { type: 'string', default: '6m' },
    out: { type: 'string', default: join(import.meta.dirname, '..', '..', '..', 'docs', 'images') },
    help: { type: 'boolean', default: false },
  },
});

async function draw(url: string): Promise<void> {
  const toSeconds = Math.floor(Date.now() / 1_000);
  const seconds = parseDurationMs(values.range) / 1_000;
  const range = {
    fromSeconds: toSeconds - seconds,
    toSeconds,
    stepSeconds: Math.max(1, Math.round(seconds / 300)),
  };
  const empty = await takePictures(url, range, values.out);
  for (const [page, titles] of Object.entries(empty)) {
    say(
      `${page}: ${titles.length === 0 ? 'all panels have data' : `no data in ${titles.join(', ')}`}`,
    );
  }
  say(`written to ${values.out}`);
}

if (values.help) {
  say(help);
} else if (values.prometheus === undefined) {
  const monitored = await startMonitored({ progress: (line) => say(`  ${line} …`) });
  try {
    say(`collecting for ${values.after}; Prometheus: ${monitored.prometheus.url}`);
    await sleep(parseDurationMs(values.after));
    await draw(monitored.prometheus.url);
  } finally {
    await monitored.stop();
  }
} else {
  await draw(values.prometheus);
}
