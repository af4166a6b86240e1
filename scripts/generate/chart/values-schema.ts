import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configForms } from './config-forms.ts';
import { forms } from './forms.ts';
import { readChartValues, type ChartValue } from './values-file.ts';

export const chartFolder = join(import.meta.dirname, '..', '..', '..', 'charts', 'gpu-profiler');

/** The values of the chart, read from its values.yaml. */
export function chartValues(): readonly ChartValue[] {
  return readChartValues(readFileSync(join(chartFolder, 'values.yaml'), 'utf8'));
}

/** charts/gpu-profiler/values.schema.json. */
export function valuesSchema(): string {
  const definitions: Record<string, object> = { ...forms, ...configForms() };
  const values = chartValues();
  const unknown = namedForms(values).filter((name) => definitions[name] === undefined);
  if (unknown.length > 0) throw new Error(`values.yaml: no form is called ${unknown.join(', ')}`);
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the chart gpu-profiler',
    ...sectionSchema(values),
    definitions,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function sectionSchema(values: readonly ChartValue[]): {
  type: 'object';
  additionalProperties: false;
  properties: Record<string, object>;
} {
  const properties = Object.fromEntries(
    values.map((value) => [value.path.at(-1) ?? '', valueSchema(value)]),
  );
  return { type: 'object', additionalProperties: false, properties };
}

function valueSchema(value: ChartValue): object {
  const { description, children, schema, fallback, path } = value;
  const words = description === '' ? {} : { description };
  if (children !== undefined) return { ...words, ...sectionSchema(children) };
  if (schema === undefined) return { ...words, type: typeOf(fallback, path), default: fallback };
  if (schema.startsWith('{')) return { ...words, ...JSON.parse(schema), default: fallback };
  return { ...words, $ref: `#/definitions/${schema}`, default: fallback };
}

function typeOf(fallback: unknown, path: readonly string[]): string {
  if (typeof fallback === 'boolean' || typeof fallback === 'string') return typeof fallback;
  if (Number.isInteger(fallback)) return 'integer';
  throw new Error(`values.yaml: ${path.join('.')} needs an @schema: its default does not tell`);
}

function namedForms(values: readonly ChartValue[]): string[] {
  return values.flatMap(({ children, schema }) => {
    if (children !== undefined) return namedForms(children);
    return schema === undefined || schema.startsWith('{') ? [] : [schema];
  });
}
