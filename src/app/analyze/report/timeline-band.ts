import type { Judged } from '../judge.ts';
import { patternWords } from '../words.ts';
import { at, escapeText, svg } from './svg.ts';
import type { TimeAxis } from './time-axis.ts';

const height = 34;
/** Room that a letter takes. */
const letterWidth = 6.6;

/** What was said over time, as a band; words where there is room for them. */
export function timelineBand({ timeline }: Judged, axis: TimeAxis): string {
  const parts = timeline.map(({ fromSeconds, toSeconds, published }) => {
    const [left, right] = [axis.x(fromSeconds), axis.x(toSeconds)];
    const words = patternWords(published);
    const fits = [words, published.pattern].find(
      (each) => each.length * letterWidth + 8 < right - left,
    );
    const label =
      fits === undefined
        ? ''
        : `<text class="band-label" x="${at((left + right) / 2)}" y="21" text-anchor="middle">${escapeText(fits)}</text>`;
    const box = `<rect class="band band-${published.pattern}" x="${at(left)}" y="4" width="${at(Math.max(1, right - left - 1))}" height="26" rx="3"/>`;
    return `<g><title>${escapeText(words)}</title>${box}${label}</g>`;
  });
  const spoken = timeline.map(({ published }) => patternWords(published)).join(', then ');
  return svg(height, `What was said over time: ${spoken}`, parts.join(''));
}
