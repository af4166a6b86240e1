import { formOf } from '../../src/config/form.ts';
import {
  defaultIn,
  environmentNameOf,
  filePathOf,
  flagOf,
  optionNames,
  placesOf,
  specOf,
} from '../../src/config/names.ts';
import { groups } from '../../src/config/option-spec.ts';
import type { OptionName } from '../../src/config/options.ts';
import { code, table } from './markdown.ts';

const intro = `<!-- Made by \`npm run generate\` from src/config/options.ts. Do not edit. -->

# Configuration

Each option can be given in three ways, and the first that is there wins:

1. a flag: \`--web.listen-address :9999\` (or \`--web.listen-address=:9999\`)
2. an environment variable: \`GPU_PROFILER_WEB_LISTEN_ADDRESS=:9999\` (empty: not set)
3. a key of the YAML file named by \`--config.file\`, nested at the dots:

   \`\`\`yaml
   web:
     listen-address: ":9999"
   \`\`\`

Otherwise the default holds. \`gpu-profiler COMMAND --print-config\` prints what is used and where each value came from.

- Unknown flags and keys, wrong types and combinations that cannot be meant stop the start (exit code 2) with the name, the place, the value and the allowed form.
- Lists: repeat the flag, or write \`a,b\`; in YAML a list. Booleans: \`--once\`, \`--once=false\`, \`--no-analysis.enabled\`.
- Durations carry a unit: \`250ms\`, \`30s\`, \`5m\`, \`1h30m\`.
- One file may serve all commands: keys of another command are checked, then left alone.
- An option with "only with" is refused where it would have no effect, unless the other option was set at a stronger place (a flag wins over a file made for something else).
- Editors can complete the file by [options.schema.json](options.schema.json): begin it with \`# yaml-language-server: $schema=…/docs/options.schema.json\`.
`;

/** docs/CONFIGURATION.md: the options table for people. */
export function configurationDocument(): string {
  const sections = groups.map((group) => {
    const names = optionNames.filter((name) => specOf(name).group === group);
    return `## ${group}\n\n${overview(names)}\n\n${names.map(details).join('\n\n')}\n`;
  });
  return `${intro}\n${sections.join('\n')}`;
}

function overview(names: readonly OptionName[]): string {
  const rows = names.map((name) => [
    code(flagOf(name)),
    defaultText(name),
    specOf(name).modes.join(', '),
  ]);
  return table(['flag', 'default', 'commands'], rows);
}

function defaultText(name: OptionName): string {
  const spec = specOf(name);
  if (spec.requiredIn !== undefined) {
    const everywhere = spec.requiredIn.length === spec.modes.length;
    return everywhere ? 'required' : `required by ${spec.requiredIn.join(', ')}`;
  }
  if ('computedDefault' in spec) return 'the host name';
  const values = spec.modes.map((mode) => textOf(defaultIn(name, mode)));
  if (new Set(values).size === 1) return values[0] ?? '';
  return spec.modes.map((mode, index) => `${mode}: ${values[index]}`).join(', ');
}

function textOf(value: ReturnType<typeof defaultIn>): string {
  if (value === null) return 'not set';
  if (!Array.isArray(value)) return code(String(value));
  return value.length === 0 ? 'empty' : code(value.join(','));
}

function details(name: OptionName): string {
  const spec = specOf(name);
  const places = placesOf(name);
  const lines = [`- Form: ${formOf(spec)}`];
  if (places.includes('environment')) lines.push(`- Environment: ${code(environmentNameOf(name))}`);
  if (places.includes('file')) lines.push(`- YAML: ${code(yamlKey(name))}`);
  if (spec.onlyWith !== undefined) {
    const values = spec.onlyWith.values.map((value) => code(String(value))).join(' or ');
    lines.push(`- Only with ${code(spec.onlyWith.option)} ${values}`);
  }
  if (spec.secret === true) lines.push('- Secret: never printed');
  return `### ${name}\n\n${spec.description}\n\n${lines.join('\n')}`;
}

/** `web: {listen-address: …}` */
function yamlKey(name: OptionName): string {
  const keys = filePathOf(name);
  return `${keys.join(': {')}: …${'}'.repeat(keys.length - 1)}`;
}
