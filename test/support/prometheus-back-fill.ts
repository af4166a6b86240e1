import { createWriteStream } from 'node:fs';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { promisify } from 'node:util';
import { findPart } from './parts/find-part.ts';

const run = promisify(execFile);

/** One sample of the past. */
export interface PastSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Unix time, seconds. */
  readonly timeSeconds: number;
}

/** Puts samples of the past into the data folder of a Prometheus that does not run, as blocks, by promtool. Any order of samples will do. */
export async function backFillSamples(
  dataFolder: string,
  samples: Iterable<PastSample>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gpu-profiler-back-fill-'));
  try {
    const file = join(folder, 'samples.om');
    const out = createWriteStream(file, { highWaterMark: 1 << 20 });
    let lines: string[] = [];
    for (const sample of samples) {
      lines.push(lineOf(sample));
      if (lines.length < 5_000) continue;
      if (!out.write(lines.join(''))) await once(out, 'drain');
      lines = [];
    }
    out.end(`${lines.join('')}# EOF\n`);
    await finished(out);
    // --quiet: else it lists every block.
    await promtool(['--quiet', 'openmetrics', file, dataFolder]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface PastRules {
  readonly url: string;
  /** A file of recording rules. Rules that build on others of it need a second call, after a restart of Prometheus. */
  readonly file: string;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** Evaluates recording rules over the past of a running Prometheus, into its data folder; it sees the result after a restart. */
export async function backFillRules(
  dataFolder: string,
  { url, file, fromSeconds, toSeconds }: PastRules,
): Promise<void> {
  await promtool([
    'rules',
    `--start=${fromSeconds}`,
    `--end=${toSeconds}`,
    `--url=${url}`,
    `--output-dir=${dataFolder}`,
    file,
  ]);
}

async function promtool(args: readonly string[]): Promise<void> {
  const command = await findPart('promtool');
  await run(command, ['tsdb', 'create-blocks-from', ...args], { maxBuffer: 64 << 20 });
}

function lineOf({ name, labels, value, timeSeconds }: PastSample): string {
  const pairs = Object.entries(labels).map(
    ([label, text]) =>
      `${label}="${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
  );
  return `${name}{${pairs.join(',')}} ${value} ${timeSeconds}\n`;
}
