import { filePathOf, optionNames, placesOf, specOf } from '../../src/config/names.ts';
import type { OptionSpec } from '../../src/config/option-spec.ts';
import type { OptionName } from '../../src/config/options.ts';

interface Section {
  type: 'object';
  additionalProperties: false;
  properties: Record<string, Section | object>;
}

const durationPattern = '^(\\d+(\\.\\d+)?(ms|s|m|h|d))+$';
const addressPattern = '^(\\[[0-9a-fA-F:.%\\w]+\\]|[^:\\s\\[\\]/]*):\\d{1,5}$';

/** docs/options.schema.json: the YAML file as JSON Schema, for editors. */
export function optionsSchema(): string {
  const names = optionNames.filter((name) => placesOf(name).includes('file'));
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration file of gpu-profiler',
    ...fileSchema(names),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** The schema of a file that holds these options and no others. */
export function fileSchema(names: readonly OptionName[]): Section {
  const root = section();
  for (const name of names) {
    const keys = [...filePathOf(name)];
    const last = keys.pop() ?? name;
    let at = root;
    for (const key of keys) at = child(at, key);
    at.properties[last] = optionSchema(specOf(name));
  }
  return root;
}

function section(): Section {
  return { type: 'object', additionalProperties: false, properties: {} };
}

function child(parent: Section, key: string): Section {
  const found = parent.properties[key];
  if (found !== undefined && 'properties' in found) return found;
  const made = section();
  parent.properties[key] = made;
  return made;
}

function optionSchema(spec: OptionSpec): object {
  const description = { description: spec.description };
  const fallback = spec.default === null ? {} : { default: spec.default };
  // A key with nothing behind it counts as not set.
  const { type, ...form } = formSchema(spec);
  const values = 'enum' in form ? { enum: [...(form.enum as readonly string[]), null] } : {};
  return { ...description, type: [type, 'null'], ...form, ...values, ...fallback };
}

function formSchema(spec: OptionSpec): { type: string; [keyword: string]: unknown } {
  switch (spec.type) {
    case 'boolean':
      return { type: 'boolean' };
    case 'integer':
    case 'number':
      return {
        type: spec.type,
        ...(spec.min === undefined ? {} : { minimum: spec.min }),
        ...(spec.max === undefined ? {} : { maximum: spec.max }),
      };
    case 'enum':
      return { type: 'string', enum: spec.values };
    case 'list':
      return { type: 'array', items: itemSchema(spec) };
    case 'duration':
      return { type: 'string', pattern: durationPattern };
    case 'address':
      return { type: 'string', pattern: addressPattern };
    case 'url':
      return { type: 'string', pattern: '^https?://' };
    default:
      return {
        type: 'string',
        ...(spec.pattern === undefined ? {} : { pattern: spec.pattern.pattern }),
      };
  }
}

function itemSchema(spec: OptionSpec & { type: 'list' }): object {
  if (spec.values !== undefined) return { type: 'string', enum: spec.values };
  return { type: 'string', ...(spec.item === undefined ? {} : { pattern: spec.item.pattern }) };
}
