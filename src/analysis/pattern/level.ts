import { mean } from '../series/statistics.ts';
import { level } from '../thresholds.ts';

/**
 * Whether a series fluctuates around one level: the means of its parts differ by no more than `levelShare` of the level (their standard deviation), or by no more
 * than those of independent samples do by chance. Trends, steps and slow waves do not.
 */
export function holdsLevel(values: Float64Array, levelShare: number): boolean {
  const { parts, chanceRatio } = level;
  if (values.length < 2 * parts) return false;
  const centre = mean(values);
  let between = 0;
  for (let part = 0; part < parts; part++) {
    const from = Math.floor((part * values.length) / parts);
    const to = Math.floor(((part + 1) * values.length) / parts);
    between += (mean(values.subarray(from, to)) - centre) ** 2;
  }
  between /= parts - 1;
  if (between <= (levelShare * centre) ** 2) return true;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - centre) ** 2;
  const byChance = (squares / values.length / values.length) * parts;
  return between <= chanceRatio * byChance;
}
