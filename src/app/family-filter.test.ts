import { describe, expect, it } from 'vitest';
import { families } from '../exposition/catalogue.ts';
import { controllerCatalogue } from '../exposition/controller-exposition.ts';
import { familyFilterOf } from './family-filter.ts';

const settings = (include: readonly string[], exclude: readonly string[]) => ({
  'metrics.include': include,
  'metrics.exclude': exclude,
});

describe('app/family-filter', () => {
  it('takes patterns that fit, of the process at hand', () => {
    expect(familyFilterOf(settings([], ['gpu_pcie_*']), families)).toEqual({
      include: [],
      exclude: ['gpu_pcie_*'],
    });
    expect(familyFilterOf(settings(['process_*'], []), controllerCatalogue).include).toEqual([
      'process_*',
    ]);
  });

  it('refuses one that fits nothing, and names option and pattern', () => {
    const wrong = settings(['gpu_up'], ['gpu_utilisation_*']);
    expect(() => familyFilterOf(wrong, families)).toThrow(
      'metrics.exclude: gpu_utilisation_* is the name of no family of metrics',
    );
    expect(() => familyFilterOf(settings(['gpu_up'], []), controllerCatalogue)).toThrow('gpu_up');
  });
});
