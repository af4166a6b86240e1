import { nameAtEnd } from '../end-name.ts';
import type { Judged } from '../judge.ts';
import { shortNames } from '../short-names.ts';
import { totalsOf, type Totals } from '../totals.ts';
import {
  amount,
  energyWords,
  secondsText,
  shareWords,
  shortPeriod,
  stateName,
  toneOf,
} from '../words.ts';
import { escapeText } from './svg.ts';

/** Where in the page a recording stands. */
export function anchorOf(number: number): string {
  return `gpu-${number + 1}`;
}

/** All recordings together, and an index of them. */
export function summarySection(all: readonly Judged[]): string {
  if (all.length === 0) return '';
  return `<section class="total">
<h3>${all.length} GPU${all.length === 1 ? '' : 's'}, ${secondsText(totalsOf(all).seconds)} of recordings</h3>
${totals(totalsOf(all))}
${all.length > 1 ? index(all) : ''}
</section>`;
}

function totals({ states, utilMeanPercent, energyJoules, heldIdleHours }: Totals): string {
  const bar = states.map(
    (state) =>
      `<span class="band-${toneOf(state)}" style="flex-grow: ${Math.max(1, Math.round(1_000 * state.share))}" title="${stateName(state)} ${shareWords(state.share)}"></span>`,
  );
  const facts = [
    ...states.map((state): [string, string] => [
      stateName(state),
      `${shareWords(state.share)}, ${secondsText(state.seconds)}`,
    ]),
    ...(utilMeanPercent === null
      ? []
      : [['mean utilisation', `${Math.round(utilMeanPercent)} %`] as const]),
    ...(energyJoules === null ? [] : [['energy', energyWords(energyJoules)] as const]),
    // Among the states where there was any.
    ...(heldIdleHours > 0 ? [] : [['held idle', 'never seen'] as const]),
  ];
  const items = facts.map(
    ([name, words]) => `<div><dt>${name}</dt><dd>${escapeText(words)}</dd></div>`,
  );
  return `<div class="share">${bar.join('')}</div><dl>${items.join('')}</dl>`;
}

const headings = [
  'recording',
  'GPU',
  'mostly',
  'period',
  'util',
  'P95',
  'energy',
  'held idle',
  'at the end',
  'span',
];

function index(all: readonly Judged[]): string {
  const names = shortNames(all.map(({ recording }) => recording.source));
  const rows = all.map((judged, number) => {
    const name = escapeText(names.get(judged.recording.source)!);
    const cells = cellsOf(judged).map((cell) => `<td>${escapeText(cell)}</td>`);
    return `<tr><td><a href="#${anchorOf(number)}">${name}</a></td>${cells.join('')}</tr>`;
  });
  const head = headings.map((heading) => `<th>${heading}</th>`).join('');
  return `<div class="wide"><table class="index"><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function cellsOf(judged: Judged): string[] {
  const { recording, startSeconds, endSeconds, whole } = judged;
  const [state] = whole.states;
  const [period] = whole.periods;
  const percent = (value: number | null): string =>
    value === null ? '-' : `${Math.round(value)} %`;
  return [
    recording.gpu === '' ? '-' : recording.gpu,
    state === undefined ? '-' : `${stateName(state)} ${shareWords(state.share)}`,
    period === undefined ? '-' : shortPeriod({ ...period, publishable: !period.isApparent }),
    percent(whole.utilMeanPercent),
    percent(whole.utilP95Percent),
    whole.energyJoules === null ? '-' : energyWords(whole.energyJoules),
    whole.heldIdle === null ? '-' : `${amount(whole.heldIdle.gpuHours)} h`,
    nameAtEnd(judged),
    secondsText(endSeconds - startSeconds),
  ];
}
