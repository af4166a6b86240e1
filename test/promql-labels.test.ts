import { describe, expect, it } from 'vitest';
import { checkLabels } from './support/promql/labels.ts';
import { selectorsOf } from './support/promql/syntax.ts';

const families = new Map([
  ['power', new Set(['node', 'gpu'])],
  ['pod', new Set(['node', 'gpu', 'name'])],
]);

describe('checkLabels', () => {
  it.each([
    ['power', ['node', 'gpu'], []],
    ['power{nodes="a"}', ['node', 'gpu'], ['no label nodes in power{nodes="a"}']],
    ['powers', [], ['no family powers']],
    ['sum(power)', [], []],
    ['sum by (node) (rate(power[5m]))', ['node'], []],
    ['sum by (name) (power)', ['name'], ['no label name in sum by (name) (power)']],
    ['topk(3, sum by (gpu) (power))', ['gpu'], []],
    ['max by (node) (topk(3, power)) > 5', ['node'], []],
    ['5 * power', ['node', 'gpu'], []],
    ['power * on (node, gpu) group_left (name) pod', ['node', 'gpu', 'name'], []],
    ['pod * on (gpu) group_left (name) power', ['node', 'gpu', 'name'], ['name']],
    ['pod and on (name) power', ['node', 'gpu', 'name'], ['name']],
    ['power or pod', ['node', 'gpu', 'name'], []],
    ['absent(power)', [], []],
    ['sum by (node) (power) + on (node) sum by (gpu) (power)', ['node'], ['node']],
  ])('%s', (expr, labels, faults) => {
    const report = checkLabels(expr, families);
    expect([...(report.labels ?? [])]).toEqual(labels);
    expect(report.faults).toHaveLength(faults.length);
    for (const [index, fault] of faults.entries()) expect(report.faults[index]).toContain(fault);
  });

  it('refuses what is no PromQL', () => {
    expect(() => checkLabels('sum(power', families)).toThrow('cannot be parsed');
    expect(() => checkLabels('power{', families)).toThrow('cannot be parsed');
  });

  it('finds every selector', () => {
    expect(selectorsOf('a{b="c"} / sum(rate(d[5m]))').map(({ text }) => text)).toEqual([
      'a{b="c"}',
      'd',
    ]);
  });
});
