import type { UsageChannel, UsageSeries } from '../../analysis/verdict.ts';
import { cycleStarts } from './cycle-marks.ts';
import { gapAtEnd, gapNames } from './gaps.ts';
import type { Judged } from './judge.ts';
import { momentText } from './moment-text.ts';
import type { Remark, Trouble } from './recording.ts';
import { momentSection } from './report/moment-section.ts';
import { seriesPlot } from './report/series-plot.ts';
import { anchorOf, summarySection } from './report/summary.ts';
import { style } from './report/style.ts';
import { escapeText } from './report/svg.ts';
import { timeAxis } from './report/time-axis.ts';
import { timelineBand } from './report/timeline-band.ts';
import { baseName, gpuName } from './short-names.ts';
import { wholeRows } from './whole-words.ts';
import { secondsText, stateName } from './words.ts';

/** More marks than this would be a wall. */
const mostMarks = 250;

export interface ReportGiven {
  readonly all: readonly Judged[];
  /** Of each of them, see reportArticle. */
  readonly articles: readonly string[];
  readonly troubles: readonly Trouble[];
  readonly remarks: readonly Remark[];
  readonly version: string;
}

/** One HTML page that needs nothing beside it: no script, no style sheet, no picture, no network. */
export function reportPage({ all, articles, troubles, remarks, version }: ReportGiven): string {
  const names = [...new Set(all.map(({ recording }) => baseName(recording.source)))];
  const title = names.length > 3 ? `${names.length} recordings` : names.join(', ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>GPU usage: ${escapeText(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>How the GPUs were used</h1>
<p class="soft">gpu-profiler ${escapeText(version)}. Dashed lines mark where cycles begin, and multiples of the period.</p>
${troubles.map(troubleNote).join('')}
${summarySection(all)}
${remarkSection(remarks)}
${articles.join('\n')}
</body>
</html>
`;
}

function troubleNote({ message, hint }: Trouble): string {
  return `<p class="warning">Not analysed: ${escapeText(message)}${hint === undefined ? '' : ` ${escapeText(hint)}`}</p>\n`;
}

function remarkSection(remarks: readonly Remark[]): string {
  if (remarks.length === 0) return '';
  const items = remarks.map(({ source, line, message }) => {
    const place = `${baseName(source)}${line === null ? '' : `, line ${line}`}`;
    return `<li>${escapeText(`${place}: ${message}`)}</li>`;
  });
  return `<details class="folded"><summary>${remarks.length} note${remarks.length === 1 ? '' : 's'} from reading</summary><ul>${items.join('')}</ul></details>`;
}

/** What is known of one GPU; `number`: its place among all, from 0. */
export function reportArticle(judged: Judged, number: number): string {
  const { recording, startSeconds, endSeconds, samples, end, cyclic } = judged;
  const { source, gpu, model, usage, timeBase } = recording;
  const axis = timeAxis(judged);
  const began =
    timeBase === 'unix'
      ? `from ${new Date(startSeconds * 1_000).toISOString().slice(0, 19)}Z, `
      : '';
  const marks = marksOf(judged);
  const plots = Object.entries(usage.channels)
    .filter(([, series]) => series.values.length > 0)
    .map(([channel, series]) =>
      seriesPlot(channel as UsageChannel, series, axis, marks.get(channel) ?? []),
    );
  const title = [baseName(source), gpuName(gpu)];
  const rows = wholeRows(judged).map(
    ([name, words]) => `<div><dt>${name}</dt><dd>${escapeText(words)}</dd></div>`,
  );
  return `<article id="${anchorOf(number)}">
<h2>${escapeText(title.filter((word) => word !== '').join(', '))}</h2>
<p class="soft">${model === null ? '' : `${escapeText(model)}, `}${began}${secondsText(endSeconds - startSeconds)}, ${samples} ${samples === 1 ? 'sample' : 'samples'}, looked at every ${secondsText(Math.round(judged.stepSeconds))}</p>
<h3>The whole recording</h3>
<dl class="whole-facts">${rows.join('')}</dl>
<h4>What was said as time went by</h4>
${timelineBand(judged, axis)}
${plots.join('\n')}
${momentSection(endTitle(judged), end)}
${said(judged)}
${cyclic === null ? '' : momentSection(`The cycle before (${momentText(judged, cyclic.atSeconds)})`, cyclic)}
</article>`;
}

/** Where the recording ends without samples, the last that was said is of the time before. */
function endTitle(judged: Judged): string {
  const gap = gapAtEnd(judged);
  if (gap === null) return 'At the end';
  return `At the end: ${gapNames[gap.kind]} since ${momentText(judged, gap.fromSeconds)}; before that`;
}

/** Job type, and since when; not of a GPU that could not be read any longer. */
function said(judged: Judged): string {
  const now = judged.timeline.at(-1)?.published;
  if (now === undefined || gapAtEnd(judged) !== null) return '';
  return `<p class="soft">As a node would be annotated: job type ${now.jobType}; ${stateName(now)} since ${momentText(judged, now.sinceSeconds)}.</p>`;
}

/** Beginnings of the cycles, by the channel they were seen in. */
function marksOf({ recording, timeline }: Judged): ReadonlyMap<string, readonly number[]> {
  const marks = new Map<string, number[]>();
  for (const { fromSeconds, toSeconds, published } of timeline) {
    const { cycle } = published;
    const series: UsageSeries | undefined =
      (cycle && recording.usage.channels[cycle.channel]) || undefined;
    if (cycle === null || series === undefined) continue;
    // Said since it had been seen four times, so it began that much earlier.
    const since = Math.max(
      series.timesSeconds[0]!,
      fromSeconds - cycle.cycles * cycle.periodSeconds,
    );
    const until = Math.min(toSeconds, published.asOfSeconds);
    const starts = cycleStarts(
      series,
      { fromSeconds: since, toSeconds: until },
      cycle.periodSeconds,
    );
    if (starts.length > mostMarks) continue;
    const there = marks.get(cycle.channel) ?? [];
    // Stretches with other periods may reach into each other: the newer one knows better.
    marks.set(cycle.channel, [...there.filter((seconds) => seconds < since), ...starts]);
  }
  return marks;
}
