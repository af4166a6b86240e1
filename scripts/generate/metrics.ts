import { families } from '../../src/exposition/catalogue.ts';
import { controllerFamilies } from '../../src/exposition/families/controller.ts';
import type { FamilyFacts } from '../../src/exposition/family.ts';
import { code, table } from './markdown.ts';

interface Section {
  readonly title: string;
  readonly words: string;
  readonly families: readonly FamilyFacts[];
}

const sections: readonly Section[] = [
  {
    title: 'GPUs: native names',
    words:
      'Served by collector and standalone. Base units; utilisation as a ratio, 0 to 1. Every series of a device carries the labels of the device; who uses it is a family of its own, so that sums are right.',
    families: families.filter(({ dialect }) => dialect === 'native'),
  },
  {
    title: 'GPUs: names of dcgm-exporter',
    words:
      'The same readings under the names, labels and units of dcgm-exporter, where `metrics.dialects` holds `dcgm`.',
    families: families.filter(({ dialect }) => dialect === 'dcgm'),
  },
  {
    title: 'The collector itself',
    words: 'Served by collector and standalone.',
    families: families.filter(({ dialect }) => dialect === 'self'),
  },
  {
    title: 'The controller itself',
    words: 'Served by the controller, under its own `web.listen-address`.',
    families: controllerFamilies,
  },
];

const intro = `<!-- Made by \`npm run generate\` from the catalogue in src/exposition. Do not edit. -->

# Metrics

What is not supported is an absent series, never 0; the last column says when a series is absent.
\`stable\`: name, type, labels and unit never change. \`alpha\`: they may, with a line in CHANGELOG.md. Stable are plain readings, whose
meaning is the driver's, whether things work, and names that follow others (dcgm-exporter, \`process_…\`, \`nodejs_…\`); what we judge or
derive (patterns, windows, figures about our own parts) is still being learned about.
Any family can be left out: \`metrics.include\` and \`metrics.exclude\` ([CONFIGURATION.md](CONFIGURATION.md)).
`;

/** docs/METRICS.md: the catalogue of metric families for people. */
export function metricsDocument(): string {
  const body = sections.map(
    ({ title, words, families }) => `## ${title}\n\n${words}\n\n${familyTable(families)}\n`,
  );
  return `${intro}\n${body.join('\n')}`;
}

function familyTable(families: readonly FamilyFacts[]): string {
  const rows = families.map((family) => [
    code(family.name),
    family.type,
    family.unit,
    family.labels.map(code).join(' '),
    family.help,
    family.stability,
    family.absentWhen,
  ]);
  return table(['name', 'type', 'unit', 'labels', 'meaning', 'stability', 'absent when'], rows);
}
