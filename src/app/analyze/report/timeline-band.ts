import { gapNames, type Gap } from '../gaps.ts';
import type { Judged } from '../judge.ts';
import { patternWords, stateName, toneOf } from '../words.ts';
import { at, escapeText, svg } from './svg.ts';
import type { TimeAxis } from './time-axis.ts';

const height = 34;
/** Room that a letter takes. */
const letterWidth = 6.6;
/** Of a hole, so that it can be seen. */
const narrowest = 4;

/** What was said over time, as a band; words where there is room for them. */
export function timelineBand({ timeline, gaps, endSeconds }: Judged, axis: TimeAxis): string {
  const parts = timeline.map(({ fromSeconds, toSeconds, published }) => {
    const [left, right] = [axis.x(fromSeconds), axis.x(toSeconds)];
    const words = patternWords(published);
    const fits = [words, stateName(published)].find(
      (each) => each.length * letterWidth + 8 < right - left,
    );
    const label =
      fits === undefined
        ? ''
        : `<text class="band-label" x="${at((left + right) / 2)}" y="21" text-anchor="middle">${escapeText(fits)}</text>`;
    const box = `<rect class="band band-${toneOf(published)}" x="${at(left)}" y="4" width="${at(Math.max(1, right - left - 1))}" height="26" rx="3"/>`;
    return `<g><title>${escapeText(words)}</title>${box}${label}</g>`;
  });
  /** A log may have a hole behind every few rows: one that lies within what is drawn of its kind adds nothing. */
  const drawnTo = new Map<Gap['kind'], number>();
  const holes = gaps.map(({ kind, fromSeconds, toSeconds, text }) => {
    const [left, right] = [axis.x(fromSeconds), axis.x(toSeconds ?? endSeconds)];
    if (right <= (drawnTo.get(kind) ?? Number.NEGATIVE_INFINITY)) return '';
    // What comes at the very end takes no time; it is shown all the same.
    const width = Math.max(narrowest, right - left - 1);
    drawnTo.set(kind, left + width);
    const box = `<rect class="gap gap-${kind}" x="${at(Math.min(left, axis.x(endSeconds) - narrowest))}" y="4" width="${at(width)}" height="26" rx="2"/>`;
    const label =
      width > 90
        ? `<text class="gap-label" x="${at(left + width / 2)}" y="21" text-anchor="middle">${gapNames[kind]}</text>`
        : '';
    return `<g><title>${escapeText(text ?? gapNames[kind])}</title>${box}${label}</g>`;
  });
  const spoken = timeline.map(({ published }) => patternWords(published)).join(', then ');
  return svg(height, `What was said over time: ${spoken}`, [...parts, ...holes].join(''));
}
