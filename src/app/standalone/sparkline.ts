const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/**
 * The last values as one character each, 0-100 percent from low to high block; a dot where there was no sample
 * (an empty place must not look like an idle one).
 */
export function sparkline(percents: readonly (number | null)[], width: number): string {
  let line = '';
  for (let column = 0; column < width; column += 1) {
    const from = Math.floor((column * percents.length) / width);
    const to = Math.max(from + 1, Math.floor(((column + 1) * percents.length) / width));
    line += block(percents.slice(from, to));
  }
  return line;
}

function block(values: readonly (number | null)[]): string {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value === null) continue;
    sum += value;
    count += 1;
  }
  if (count === 0) return '·';
  const level = Math.round((sum / count / 100) * (blocks.length - 1));
  return blocks[Math.min(blocks.length - 1, Math.max(0, level))] ?? '·';
}
