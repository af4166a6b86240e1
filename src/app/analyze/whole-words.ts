import { gapNames, type Gap } from './gaps.ts';
import type { Judged } from './judge.ts';
import { momentText } from './moment-text.ts';
import type { Whole } from './whole.ts';
import {
  energyWords,
  heldIdleWords,
  periodWords,
  secondsText,
  shareWords,
  stateName,
} from './words.ts';

/** What is said of a recording as a whole, name and words, in the order of what matters; what was not recorded is left out. */
export function wholeRows(judged: Judged): readonly (readonly [string, string])[] {
  const { whole, gaps } = judged;
  const rows: [string, string][] = [['patterns', statesWords(whole)]];
  if (whole.periods.length > 0) rows.push(['periods', periodsWords(whole)]);
  const held = heldIdleWords(whole.heldIdle);
  if (held !== null) rows.push(['held idle', held]);
  if (whole.utilMeanPercent !== null) rows.push(['utilisation', utilisationWords(whole)]);
  if (whole.energyJoules !== null) {
    rows.push([
      'energy',
      `${energyWords(whole.energyJoules)}, mean ${Math.round(whole.powerMeanWatts ?? 0)} W`,
    ]);
  }
  for (const kind of ['lost', 'error', 'no-samples'] as const) {
    const some = gaps.filter((gap) => gap.kind === kind);
    if (some.length > 0) rows.push([gapNames[kind], gapsWords(judged, some)]);
  }
  return rows;
}

/** Gaps told one by one. */
const mostGaps = 3;

function statesWords({ states }: Whole): string {
  return states
    .map(
      (state) => `${stateName(state)} ${shareWords(state.share)} (${secondsText(state.seconds)})`,
    )
    .join(', ');
}

function periodsWords({ periods }: Whole): string {
  return periods
    .slice(0, 4)
    .map(
      (found) =>
        `${periodWords(found.periodSeconds, found)}, ${shareWords(found.share)} of the time`,
    )
    .join('; ');
}

function utilisationWords({ utilMeanPercent, utilP95Percent }: Whole): string {
  return `mean ${Math.round(utilMeanPercent ?? 0)} %, P95 ${Math.round(utilP95Percent ?? 0)} %`;
}

function gapsWords(judged: Judged, gaps: readonly Gap[]): string {
  const told = gaps.slice(0, mostGaps).map(({ fromSeconds, toSeconds, text }) => {
    const from = momentText(judged, fromSeconds);
    const when =
      toSeconds === null
        ? `from ${from} to the end`
        : `from ${from} for ${secondsText(toSeconds - fromSeconds)}`;
    return text === null ? when : `${when}: ${text.replace(/\s+/g, ' ')}`;
  });
  const more = gaps.length - told.length;
  return `${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
