import type { UsageChannel, UsageSeries } from '../../analysis/verdict.ts';
import { cycleStarts } from './cycle-marks.ts';
import { heldIdle } from './held-idle.ts';
import type { Judged } from './judge.ts';
import type { Trouble } from './recording.ts';
import { momentSection } from './report/moment-section.ts';
import { seriesPlot } from './report/series-plot.ts';
import { style } from './report/style.ts';
import { escapeText } from './report/svg.ts';
import { timeAxis } from './report/time-axis.ts';
import { timelineBand } from './report/timeline-band.ts';
import { heldIdleWords, secondsText } from './words.ts';

/** More marks than this would be a wall. */
const mostMarks = 250;

/** One HTML page that needs nothing beside it: no script, no style sheet, no picture, no network. */
export function reportPage(
  all: readonly Judged[],
  troubles: readonly Trouble[],
  version: string,
): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>GPU usage: ${escapeText(all.map(({ recording }) => nameOf(recording.source)).join(', '))}</title>
<style>${style}</style>
</head>
<body>
<h1>How the GPUs were used</h1>
<p class="soft">gpu-profiler ${escapeText(version)}: ${all.length} recording${all.length === 1 ? '' : 's'} analysed. Dashed lines mark where cycles begin, and multiples of the period.</p>
${troubles.map(troubleNote).join('')}
${all.map(article).join('\n')}
</body>
</html>
`;
}

function troubleNote({ message, hint }: Trouble): string {
  return `<p class="warning">Not analysed: ${escapeText(message)}${hint === undefined ? '' : ` ${escapeText(hint)}`}</p>\n`;
}

function nameOf(source: string): string {
  return source.replace(/^.*[/\\]/, '');
}

function article(judged: Judged): string {
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
  return `<article>
<h2>${escapeText([source, gpu].filter((word) => word !== '').join(': '))}</h2>
<p class="soft">${model === null ? '' : `${escapeText(model)}, `}${began}${secondsText(endSeconds - startSeconds)}, ${samples} samples</p>
${said(judged)}
<h4>What was said as time went by</h4>
${timelineBand(judged, axis)}
${plots.join('\n')}
${momentSection('At the end', end)}
${cyclic === null ? '' : momentSection(`The cycle before (${momentText(judged, cyclic.atSeconds)})`, cyclic)}
</article>`;
}

/** Job type, since when, and what was held for nothing. */
function said(judged: Judged): string {
  const now = judged.timeline.at(-1)?.published;
  if (now === undefined) return '';
  const held = heldIdleWords(heldIdle(judged.timeline));
  const cost = held === null ? '' : ` Held without use: ${held}.`;
  return `<p>Job type ${now.jobType}; ${now.pattern} since ${momentText(judged, now.sinceSeconds)}.${cost}</p>`;
}

function momentText({ recording, startSeconds }: Judged, atSeconds: number): string {
  if (recording.timeBase === 'unix') return new Date(atSeconds * 1_000).toISOString().slice(11, 19);
  return `${secondsText(atSeconds - startSeconds)} after the start`;
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
