import { heldIdle } from './held-idle.ts';
import {
  amount,
  heldIdleWords,
  marginWords,
  patternWords,
  probability,
  secondsText,
  slowerWords,
} from './words.ts';
import type { Judged } from './judge.ts';

const headings = [
  'RECORDING',
  'GPU',
  'SPAN',
  'SAMPLES',
  'PATTERN AT THE END',
  'SLOWER CYCLE',
  'CYCLES',
  'DUTY',
  'SEEN IN',
  'P',
  'CONFIDENCE',
  'COPY MAX',
  'MEMORY BOUND',
  'NEXT MEAN',
  'HELD IDLE',
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
  const { cycle, stall, memCopyMaxPercent, nextMemUsedMaxMiB, nextUtilMeanPercent } = verdict;
  const before = timeline.slice(0, -1).map(({ published }) => patternWords(published));
  return [
    recording.source,
    recording.gpu === '' ? '-' : recording.gpu,
    secondsText(endSeconds - startSeconds),
    String(samples),
    `${patternWords(verdict)}${marginWords(verdict)}${stall ? ', stalled' : ''}`,
    slowerWords(verdict) ?? '-',
    cycle === null ? '-' : amount(cycle.cycles),
    cycle === null ? '-' : `${(100 * cycle.dutyRatio).toFixed(0)} %`,
    cycle === null ? '-' : cycle.channel,
    cycle === null ? '-' : probability(cycle.pValue),
    `${Math.round(100 * verdict.confidence)} %`,
    percent(memCopyMaxPercent),
    nextMemUsedMaxMiB === null ? '-' : `${nextMemUsedMaxMiB.toFixed(0)} MiB`,
    percent(nextUtilMeanPercent),
    heldIdleWords(heldIdle(timeline)) ?? '-',
    before.length === 0 ? '-' : shortened(before),
  ];
}

function percent(value: number | null): string {
  return value === null ? '-' : `${value.toFixed(0)} %`;
}

/** The last few, as the newest are what matters. */
function shortened(words: readonly string[]): string {
  const shown = words.slice(-3).join(' > ');
  return words.length > 3 ? `… > ${shown}` : shown;
}
