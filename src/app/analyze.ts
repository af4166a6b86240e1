import { writeFile } from 'node:fs/promises';
import { CodedError, messageOf } from '../lib/errors.ts';
import { printableLines } from '../lib/control-characters.ts';
import { judge, type Judged } from './analyze/judge.ts';
import { judgedAsJson } from './analyze/json-output.ts';
import { Progress } from './analyze/progress.ts';
import { readInputs, type Told } from './analyze/read-inputs.ts';
import type { Recording, Remark, Trouble } from './analyze/recording.ts';
import { reportArticle, reportPage } from './analyze/report.ts';
import { gpuName } from './analyze/short-names.ts';
import { judgedAsText, judgedAsWideText } from './analyze/text-output.ts';
import type { AppContext } from './app-context.ts';

type Context = AppContext<'analyze'>;

/** So long a signal waits. */
const breathEveryMs = 50;

/** Analyses recordings and tells what it found. Exit code 0: all of them; 1: something could not be read, what could is told all the same. */
export async function runAnalyze(context: Context): Promise<number> {
  const { settings, stdout, stderr, clock } = context;
  const told: Told = { troubles: [], remarks: [] };
  const progress = new Progress(stderr, clock);
  const all: Judged[] = [];
  const articles: string[] = [];
  try {
    for await (const recording of readInputs(context, told, progress)) {
      const judged = await judgeOne(context, recording, progress);
      if (judged === null) {
        told.troubles.push({
          source: recording.source,
          message: 'no samples in it',
          hint: undefined,
        });
        continue;
      }
      if (settings.report !== null) articles.push(reportArticle(judged, all.length));
      all.push(withoutSeries(judged));
    }
  } finally {
    progress.clear();
  }
  if (settings.report !== null) {
    await writeReport(
      settings.report,
      reportPage({ all, articles, ...told, version: context.version }),
    );
  }
  if (settings.json) stdout.write(judgedAsJson(all, told));
  else if (all.length > 0) {
    stdout.write(settings.wide ? judgedAsWideText(all) : judgedAsText(all, stdout.columns));
  }
  if (!settings.json && settings.report !== null) stdout.write(`report: ${settings.report}\n`);
  for (const remark of told.remarks) stderr.write(printableLines(remarkText(remark)));
  for (const trouble of told.troubles) stderr.write(printableLines(troubleText(trouble)));
  return told.troubles.length === 0 ? 0 : 1;
}

async function judgeOne(
  { clock, signal }: Context,
  recording: Recording,
  progress: Progress,
): Promise<Judged | null> {
  const { source, gpu } = recording;
  let breathedMs = clock.monotonicMs();
  return judge(recording, async (done) => {
    progress.show(
      `analysing ${[source, gpuName(gpu)].filter((word) => word !== '').join(', ')}`,
      done,
    );
    if (clock.monotonicMs() - breathedMs < breathEveryMs) return;
    breathedMs = clock.monotonicMs();
    await clock.sleep(0, signal);
    signal.throwIfAborted();
  });
}

/** Of hundreds of recordings only what was found is kept. */
function withoutSeries(judged: Judged): Judged {
  const { recording } = judged;
  return { ...judged, recording: { ...recording, usage: { ...recording.usage, channels: {} } } };
}

function remarkText({ source, line, message }: Remark): string {
  return `gpu-profiler: ${source}${line === null ? '' : `, line ${line}`}: ${message}\n`;
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
