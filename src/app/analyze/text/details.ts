import { certainty } from '../../../analysis/certainty.ts';
import type { Judged } from '../judge.ts';
import { gapAtEnd, gapNames } from '../gaps.ts';
import { momentText } from '../moment-text.ts';
import { wholeRows } from '../whole-words.ts';
import { gpuName } from '../short-names.ts';
import {
  amount,
  patternReason,
  patternWords,
  periodWords,
  probability,
  secondsText,
  slowerWords,
  stateName,
} from '../words.ts';
import { elided, hanging } from './fit.ts';

/** Stretches told one by one. */
const mostStretches = 12;

/** What is known of one GPU, in a few lines no wider than `width`: the whole recording, its end, and what was said as time went by. */
export function detailsText(judged: Judged, name: string, width: number): string {
  const { recording, startSeconds, endSeconds, samples, stepSeconds } = judged;
  const title = [elided(name, width - 1), gpuName(recording.gpu), recording.model ?? ''];
  const start = new Date(startSeconds * 1_000).toISOString().slice(0, 19).replace('T', ' ');
  const from = recording.timeBase === 'unix' ? ` from ${start} UTC` : '';
  const span = `${secondsText(endSeconds - startSeconds)}${from}, ${samples} ${samples === 1 ? 'sample' : 'samples'}, looked at every ${secondsText(Math.round(stepSeconds))}`;
  const whole = wholeRows(judged);
  const end = endRows(judged);
  const lines = [
    ...hanging('', title.filter((word) => word !== '').join(', '), width),
    ...hanging('  ', span, width),
    '  Whole recording',
    ...rowLines(whole, width),
    '  At the end',
    ...rowLines(end, width),
    ...timelineLines(judged, width),
  ];
  return `${lines.join('\n')}\n`;
}

function rowLines(rows: readonly (readonly [string, string])[], width: number): string[] {
  return rows.flatMap(([name, words]) => hanging(`    ${name.padEnd(13)}`, words, width));
}

function endRows(judged: Judged): (readonly [string, string])[] {
  const { verdict } = judged.end;
  const { cycle } = verdict;
  const rows: [string, string][] = [['pattern', endPattern(judged)]];
  if (cycle !== null) {
    const marginSeconds = cycle.periodMarginSeconds;
    rows.push(
      [
        'period',
        periodWords(cycle.periodSeconds, { isApparent: !cycle.publishable, marginSeconds }),
      ],
      ['cycle', cycleWords(judged)],
    );
  }
  rows.push(['because', patternReason(verdict)]);
  const next = gapAtEnd(judged) === null ? nextWords(judged) : null;
  if (next !== null) rows.push(['next 2 min', next]);
  return rows;
}

function endPattern(judged: Judged): string {
  const gap = gapAtEnd(judged);
  if (gap === null) return saidAtEnd(judged);
  return `${gapNames[gap.kind]}, since ${momentText(judged, gap.fromSeconds)}; before that ${saidAtEnd(judged)}`;
}

function saidAtEnd({ end, timeline, ...span }: Judged): string {
  const { verdict } = end;
  const said = timeline.at(-1)?.published;
  const isSame = said !== undefined && stateName(said) === stateName(verdict);
  const since = isSame ? `, since ${momentText(span, said.sinceSeconds)}` : '';
  const tentative = verdict.tentative ? ' (tentative)' : '';
  return `${stateName(verdict)}${tentative}${since}, confidence ${certainty(verdict.confidence)}`;
}

function cycleWords({ end: { verdict } }: Judged): string {
  const { cycle } = verdict;
  if (cycle === null) return '-';
  const { cycles, dutyRatio, channel, pValue } = cycle;
  const words = [`${amount(cycles)} cycles in ${channel}`];
  if (Number.isFinite(dutyRatio)) words.push(`busy ${(100 * dutyRatio).toFixed(0)} % of each`);
  words.push(`p ${probability(pValue)}`);
  const slower = slowerWords(verdict);
  if (slower !== null) words.push(`a slower cycle of ${slower} on top`);
  return words.join(', ');
}

function nextWords({ end: { verdict } }: Judged): string | null {
  const { nextMemUsedMaxMiB, nextUtilMeanPercent } = verdict;
  const words = [
    nextUtilMeanPercent === null ? '' : `mean utilisation ${nextUtilMeanPercent.toFixed(0)} %`,
    nextMemUsedMaxMiB === null ? '' : `memory up to ${nextMemUsedMaxMiB.toFixed(0)} MiB`,
  ].filter((word) => word !== '');
  return words.length === 0 ? null : words.join(', ');
}

/** What was said, and the times of which nothing could be said. */
function timelineLines(judged: Judged, width: number): string[] {
  const said = judged.timeline.map(({ fromSeconds, toSeconds, published }) => {
    return { fromSeconds, toSeconds, words: patternWords(published) };
  });
  const silent = judged.gaps.map((gap) => ({ ...gap, words: gapNames[gap.kind] }));
  const all = [...said, ...silent].toSorted((a, b) => a.fromSeconds - b.fromSeconds);
  if (all.length < 2) return [];
  const shown = all.slice(-mostStretches);
  const lines = shown.map(({ fromSeconds, toSeconds, words }) => {
    const long = toSeconds === null ? 'to the end' : `for ${secondsText(toSeconds - fromSeconds)}`;
    return [momentText(judged, fromSeconds), `${words}, ${long}`] as const;
  });
  const head = Math.max(...lines.map(([from]) => from.length));
  const cut = all.length > shown.length ? ` (the last ${mostStretches} of ${all.length})` : '';
  return [
    `  As time went by${cut}`,
    ...lines.flatMap(([from, words]) => hanging(`    ${from.padEnd(head)}  `, words, width)),
  ];
}
