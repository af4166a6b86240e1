import { certainty } from '../../../analysis/certainty.ts';
import type { Judged } from '../judge.ts';
import { nameAtEnd } from '../end-name.ts';
import { gapAtEnd } from '../gaps.ts';
import { shortNames } from '../short-names.ts';
import {
  amount,
  energyWords,
  heldIdleWords,
  marginWords,
  patternWords,
  probability,
  secondsText,
  shareWords,
  shortPeriod,
  slowerWords,
  stateName,
} from '../words.ts';
import { tableLines, type TextColumn } from './fit.ts';

interface Column {
  readonly heading: string;
  readonly rank: number;
  readonly least?: number;
  readonly cell: (judged: Judged, name: string) => string;
}

/** The whole recording first, its end behind it. */
const columns: readonly Column[] = [
  { heading: 'RECORDING', rank: 0, least: 18, cell: (_, name) => name },
  { heading: 'GPU', rank: 1, least: 10, cell: ({ recording }) => recording.gpu || '-' },
  {
    heading: 'SPAN',
    rank: 6,
    cell: (judged) => secondsText(judged.endSeconds - judged.startSeconds),
  },
  { heading: 'MOSTLY', rank: 2, cell: mostly },
  { heading: 'PERIOD', rank: 3, cell: period },
  { heading: 'UTIL', rank: 4, cell: ({ whole }) => percent(whole.utilMeanPercent) },
  { heading: 'P95', rank: 9, cell: ({ whole }) => percent(whole.utilP95Percent) },
  {
    heading: 'ENERGY',
    rank: 8,
    cell: ({ whole }) => (whole.energyJoules === null ? '-' : energyWords(whole.energyJoules)),
  },
  {
    heading: 'HELD IDLE',
    rank: 7,
    cell: ({ whole }) => (whole.heldIdle === null ? '-' : `${amount(whole.heldIdle.gpuHours)} h`),
  },
  { heading: 'AT THE END', rank: 5, cell: nameAtEnd },
  { heading: 'SAMPLES', rank: 10, cell: ({ samples }) => String(samples) },
];

const wideColumns: readonly Column[] = [
  ...columns.filter(({ heading }) => heading !== 'AT THE END' && heading !== 'HELD IDLE'),
  { heading: 'HELD IDLE', rank: 0, cell: ({ whole }) => heldIdleWords(whole.heldIdle) ?? '-' },
  {
    heading: 'PATTERN AT THE END',
    rank: 0,
    cell: (judged) => {
      const { verdict } = judged.end;
      return gapAtEnd(judged) === null
        ? `${patternWords(verdict)}${marginWords(verdict)}`
        : nameAtEnd(judged);
    },
  },
  { heading: 'CONFIDENCE', rank: 0, cell: ({ end }) => certainty(end.verdict.confidence) },
  { heading: 'SLOWER CYCLE', rank: 0, cell: ({ end }) => slowerWords(end.verdict) ?? '-' },
  {
    heading: 'CYCLES',
    rank: 0,
    cell: ({ end: { verdict } }) => (verdict.cycle === null ? '-' : amount(verdict.cycle.cycles)),
  },
  {
    heading: 'DUTY',
    rank: 0,
    cell: ({ end: { verdict } }) =>
      verdict.cycle === null ? '-' : percent(100 * verdict.cycle.dutyRatio),
  },
  { heading: 'SEEN IN', rank: 0, cell: ({ end: { verdict } }) => verdict.cycle?.channel ?? '-' },
  {
    heading: 'P',
    rank: 0,
    cell: ({ end: { verdict } }) => probability(verdict.cycle?.pValue ?? null),
  },
  { heading: 'COPY MAX', rank: 0, cell: ({ end }) => percent(end.verdict.memCopyMaxPercent) },
  {
    heading: 'MEMORY BOUND',
    rank: 0,
    cell: ({ end: { verdict } }) =>
      verdict.nextMemUsedMaxMiB === null ? '-' : `${verdict.nextMemUsedMaxMiB.toFixed(0)} MiB`,
  },
  { heading: 'NEXT MEAN', rank: 0, cell: ({ end }) => percent(end.verdict.nextUtilMeanPercent) },
  {
    heading: 'OVER TIME',
    rank: 0,
    cell: ({ timeline }) =>
      timeline.map(({ published }) => patternWords(published)).join(' > ') || '-',
  },
];

/** One line per GPU: as many columns as fit in `width`, by what matters most; 'all': every one, however wide. */
export function tableText(all: readonly Judged[], width: number | 'all'): string {
  const names = shortNames(all.map(({ recording }) => recording.source));
  const isNamed = all.some(({ recording }) => recording.gpu !== '');
  const wanted = (width === 'all' ? wideColumns : columns).filter(
    ({ heading }) => heading !== 'GPU' || isNamed || width === 'all',
  );
  const shown = wanted.map(({ cell, ...column }): TextColumn => {
    return {
      ...column,
      cells: all.map((judged) => cell(judged, names.get(judged.recording.source)!)),
    };
  });
  return `${tableLines(shown, width === 'all' ? Infinity : width).join('\n')}\n`;
}

function mostly({ whole }: Judged): string {
  const [first] = whole.states;
  return first === undefined ? '-' : `${stateName(first)} ${shareWords(first.share)}`;
}

function period({ whole }: Judged): string {
  const [found] = whole.periods;
  if (found === undefined) return '-';
  return shortPeriod({ periodSeconds: found.periodSeconds, publishable: !found.isApparent });
}

function percent(value: number | null): string {
  return value === null || Number.isNaN(value) ? '-' : `${value.toFixed(0)} %`;
}
