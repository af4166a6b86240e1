import { readFile, writeFile } from 'node:fs/promises';
import { SourceError } from '../gpu/source.ts';
import { CodedError, messageOf } from '../lib/errors.ts';
import { readRecordings } from './analyze/input/read-file.ts';
import { readPrometheus } from './analyze/input/read-prometheus.ts';
import { judge, type Judged } from './analyze/judge.ts';
import { judgedAsJson } from './analyze/json-output.ts';
import type { Recording, Trouble } from './analyze/recording.ts';
import { reportPage } from './analyze/report.ts';
import { judgedAsText } from './analyze/text-output.ts';
import type { AppContext } from './app-context.ts';

type Context = AppContext<'analyze'>;

/** Analyses recordings and tells what it found. Exit code 0: all of them; 1: something could not be read, what could is told all the same. */
export async function runAnalyze(context: Context): Promise<number> {
  const { settings, stdout, stderr } = context;
  const troubles: Trouble[] = [];
  const recordings = [
    ...(await fromFiles(context, troubles)),
    ...(await fromPrometheus(context, troubles)),
  ];
  const all = await judgeAll(context, recordings, troubles);
  if (settings.report !== null)
    await writeReport(settings.report, reportPage(all, troubles, context.version));
  if (settings.json) stdout.write(judgedAsJson(all, troubles));
  else if (all.length > 0) stdout.write(judgedAsText(all));
  if (!settings.json && settings.report !== null) stdout.write(`report: ${settings.report}\n`);
  for (const trouble of troubles) stderr.write(troubleText(trouble));
  return troubles.length === 0 ? 0 : 1;
}

async function judgeAll(
  { clock, signal }: Context,
  recordings: readonly Recording[],
  troubles: Trouble[],
): Promise<Judged[]> {
  const all: Judged[] = [];
  for (const recording of recordings) {
    const judged = await judge(recording, async () => {
      await clock.sleep(0, signal);
      signal.throwIfAborted();
    });
    if (judged !== null) all.push(judged);
    else troubles.push({ source: recording.source, message: 'no samples in it', hint: undefined });
  }
  return all;
}

async function fromFiles({ settings }: Context, troubles: Trouble[]): Promise<Recording[]> {
  const recordings: Recording[] = [];
  for (const path of settings.files) {
    try {
      const text = await textOf(path);
      recordings.push(...readRecordings({ path, text }, settings['node.labels']));
    } catch (error) {
      troubles.push(troubleOf(path, error));
    }
  }
  return recordings;
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new SourceError('bad_file', `${path} cannot be read: ${messageOf(cause)}`, {
      cause,
      hint: 'Check the path and its permissions.',
    });
  }
}

async function fromPrometheus(
  context: Context,
  troubles: Trouble[],
): Promise<readonly Recording[]> {
  const { settings, clock, signal } = context;
  const { node, 'prometheus.url': url } = settings;
  if (url === null || node === null) return [];
  try {
    const read = await readPrometheus(settings, { url, node }, clock, signal);
    troubles.push(...read.troubles);
    return read.recordings;
  } catch (error) {
    troubles.push(troubleOf(url, error));
    return [];
  }
}

/** What one source could not give; what nobody foresaw ends everything. */
function troubleOf(source: string, error: unknown): Trouble {
  if (!(error instanceof CodedError)) throw error;
  return { source, message: messageOf(error), hint: error.hint };
}

function troubleText({ message, hint }: Trouble): string {
  return `gpu-profiler: ${message}\n${hint === undefined ? '' : `  ${hint}\n`}`;
}

async function writeReport(path: string, page: string): Promise<void> {
  try {
    await writeFile(path, page);
  } catch (cause) {
    throw new CodedError('not_written', `the report cannot be written: ${messageOf(cause)}`, {
      cause,
      hint: 'Check that the folder exists and that this user may write there.',
    });
  }
}
