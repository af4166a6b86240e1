import { printableLines } from '../../lib/control-characters.ts';
import type { Judged } from './judge.ts';
import { shortNames } from './short-names.ts';
import { detailsText } from './text/details.ts';
import { tableText } from './text/table.ts';

/** Narrower than this nothing can be laid out. */
const narrowest = 40;

/** For a terminal of `columns`: one line per GPU where there are several, then each in detail. */
export function judgedAsText(all: readonly Judged[], columns: number): string {
  // Some terminals do not say how wide they are.
  const width = Math.max(narrowest, columns || 80);
  const names = shortNames(all.map(({ recording }) => recording.source));
  const details = all.map((judged) =>
    detailsText(judged, names.get(judged.recording.source)!, width),
  );
  return printableLines(
    (all.length > 1 ? [tableText(all, width), ...details] : details).join('\n'),
  );
}

/** One line per GPU with everything. */
export function judgedAsWideText(all: readonly Judged[]): string {
  return printableLines(tableText(all, 'all'));
}
