import { probability, amount, patternWords, secondsText } from './words.ts';
import type { Judged } from './judge.ts';

const headings = [
  'RECORDING',
  'GPU',
  'SPAN',
  'SAMPLES',
  'PATTERN AT THE END',
  'CYCLES',
  'DUTY',
  'SEEN IN',
  'P',
  'CONFIDENCE',
  'MEMORY BOUND',
  'BEFORE',
];

/** One line per GPU, columns aligned. */
export function judgedAsText(all: readonly Judged[]): string {
  const table = [headings, ...all.map(cells)];
  const widths = headings.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

function cells({ recording, startSeconds, endSeconds, samples, end, timeline }: Judged): string[] {
  const { verdict } = end;
  const { cycle, stall, nextMemUsedMaxMiB } = verdict;
  const before = timeline.slice(0, -1).map(({ published }) => patternWords(published));
  return [
    recording.source,
    recording.gpu === '' ? '-' : recording.gpu,
    secondsText(endSeconds - startSeconds),
    String(samples),
    `${patternWords(verdict)}${stall ? ', stalled' : ''}`,
    cycle === null ? '-' : amount(cycle.cycles),
    cycle === null ? '-' : `${(100 * cycle.dutyRatio).toFixed(0)} %`,
    cycle === null ? '-' : cycle.channel,
    cycle === null ? '-' : probability(cycle.pValue),
    `${Math.round(100 * verdict.confidence)} %`,
    nextMemUsedMaxMiB === null ? '-' : `${nextMemUsedMaxMiB.toFixed(0)} MiB`,
    before.length === 0 ? '-' : shortened(before),
  ];
}

/** The last few, as the newest are what matters. */
function shortened(words: readonly string[]): string {
  const shown = words.slice(-3).join(' > ');
  return words.length > 3 ? `… > ${shown}` : shown;
}
