import { describe, expect, it } from 'vitest';
import { families } from './catalogue.ts';
import { patternsWithoutFamily, shownFamilies } from './family-filter.ts';

const namesBy = (include: string[], exclude: string[]): string[] =>
  shownFamilies(families, { include, exclude }).map(({ name }) => name);

describe('exposition/family-filter', () => {
  it('shows all without patterns', () => {
    expect(namesBy([], [])).toHaveLength(families.length);
  });

  it('shows only what is included, less what is excluded', () => {
    expect(namesBy(['gpu_up', 'process_*_seconds*'], ['process_cpu_*'])).toEqual([
      'gpu_up',
      'process_start_time_seconds',
    ]);
    expect(namesBy([], ['DCGM_*'])).not.toContain('DCGM_FI_DEV_GPU_UTIL');
  });

  it('names the patterns that fit nothing', () => {
    expect(patternsWithoutFamily(['gpu_up', 'gpu_utilisation_*'], families)).toEqual([
      'gpu_utilisation_*',
    ]);
  });
});
