import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { readChartValues, type ChartValue } from './values-file.ts';
import { chartFolder, chartValues } from './values-schema.ts';

const text = `# About the file.

image:
  # Where it comes from.
  # @schema nonEmpty
  repository: x
# Two lines
# of words.
replicas: 2
# Taken whole.
# @schema object
strategy:
  type: A
  rolling: { max: 1 }
# Last.
labels: {}
`;

describe('readChartValues', () => {
  const values = readChartValues(text);

  it('reads sections, values, words and forms', () => {
    expect(
      values.map(({ path, description, schema }) => [path.join('.'), description, schema]),
    ).toEqual([
      ['image', '', undefined],
      ['replicas', 'Two lines of words.', undefined],
      ['strategy', 'Taken whole.', 'object'],
      ['labels', 'Last.', undefined],
    ]);
    expect(values[0]?.children).toEqual([
      {
        path: ['image', 'repository'],
        description: 'Where it comes from.',
        schema: 'nonEmpty',
        fallback: 'x',
        children: undefined,
      },
    ]);
    expect(values[2]).toMatchObject({
      fallback: { type: 'A', rolling: { max: 1 } },
      children: undefined,
    });
  });

  it('refuses a value without words', () => {
    expect(() => readChartValues('a:\n  b: 1\n')).toThrow('values.yaml: a.b has no comment');
  });
});

describe("the chart's values.yaml", () => {
  it('is read in full: each default is there again', () => {
    const file = load(readFileSync(join(chartFolder, 'values.yaml'), 'utf8'));
    expect(Object.fromEntries(chartValues().map(defaultOf))).toEqual(file);
  });
});

function defaultOf({ path, children, fallback }: ChartValue): [string, unknown] {
  const value = children === undefined ? fallback : Object.fromEntries(children.map(defaultOf));
  return [path.at(-1) ?? '', value];
}
