import { describe, expect, it } from 'vitest';
import type { FamilyFacts } from './family.ts';
import { TextRegistry } from './registry.ts';

function family(name: string, type: FamilyFacts['type']): FamilyFacts {
  return {
    name,
    type,
    help: 'Help of it.',
    labels: [],
    unit: '',
    stability: 'alpha',
    dialect: 'native',
    absentWhen: '',
  };
}

describe('exposition/registry', () => {
  const gauge = family('gpu_test_ratio', 'gauge');
  const counter = family('gpu_test_total', 'counter');
  const foreign = family('DCGM_FI_TEST', 'counter');

  it('writes the text format, own labels and shared ones, values in their shortest form', async () => {
    const registry = new TextRegistry('text', [gauge]);
    const sharedLabels = { node: 'a"b\\c\nd' };
    const samples = [
      { value: 41 / 100, labels: { reason: 'x' }, sharedLabels },
      { value: 1e21, sharedLabels },
    ];
    expect(await registry.text({ family: gauge, samples })).toBe(
      '# HELP gpu_test_ratio Help of it.\n' +
        '# TYPE gpu_test_ratio gauge\n' +
        'gpu_test_ratio{reason="x",node="a\\"b\\\\c\\nd"} 0.41\n' +
        'gpu_test_ratio{node="a\\"b\\\\c\\nd"} 1e+21\n',
    );
    expect(registry.end).toBe('');
  });

  it('leaves out a family without samples', async () => {
    const registry = new TextRegistry('text', [gauge]);
    expect(await registry.text({ family: gauge, samples: [] })).toBe('');
  });

  it('keeps nothing from one exposition to the next', async () => {
    const registry = new TextRegistry('text', [gauge]);
    await registry.text({ family: gauge, samples: [{ value: 1, labels: { gpu: '0' } }] });
    const text = await registry.text({ family: gauge, samples: [{ value: 2 }] });
    expect(text).not.toContain('gpu="0"');
  });

  it('writes OpenMetrics: the family of a counter without _total, its samples with it', async () => {
    const registry = new TextRegistry('openmetrics', [counter]);
    expect(await registry.text({ family: counter, samples: [{ value: 3 }] })).toBe(
      '# HELP gpu_test Help of it.\n# TYPE gpu_test counter\ngpu_test_total 3\n',
    );
    expect(registry.end).toBe('# EOF\n');
  });

  it('keeps a foreign name in OpenMetrics, which would add _total to a counter', async () => {
    const registry = new TextRegistry('openmetrics', [foreign]);
    expect(await registry.text({ family: foreign, samples: [{ value: 3 }] })).toBe(
      '# HELP DCGM_FI_TEST Help of it.\n# TYPE DCGM_FI_TEST unknown\nDCGM_FI_TEST 3\n',
    );
  });
});
