/** Text for HTML and for attributes in double quotes. */
export function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Width of all plots in the units of their view boxes; on the page they are as wide as it. */
export const plotWidth = 1000;
/** Left of this stand the labels of the vertical axis. */
export const plotLeft = 52;

/** An SVG drawing with a name for those who cannot see it. */
export function svg(height: number, name: string, content: string): string {
  return `<div class="plot"><svg viewBox="0 0 ${plotWidth} ${height}" role="img" aria-label="${escapeText(name)}">${content}</svg></div>`;
}

/** A number of the drawing, a tenth of a unit exact. */
export function at(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}

/** Maps values to the drawing. */
export type Scale = (value: number) => number;

export function linearScale(from: readonly [number, number], to: readonly [number, number]): Scale {
  const [low, high] = from;
  const span = high > low ? high - low : 1;
  return (value) => to[0] + ((value - low) / span) * (to[1] - to[0]);
}

/** Round values between two others, at most about `most` of them. */
export function ticks(low: number, high: number, most: number): readonly number[] {
  const rough = (high - low) / most;
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}
