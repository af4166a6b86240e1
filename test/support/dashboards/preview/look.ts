import type { Panel } from '../../../../src/dashboards/dashboards.ts';
import type { Series } from '../query.ts';

const named: Readonly<Record<string, string>> = {
  green: '#73bf69',
  yellow: '#fade2a',
  orange: '#ff9830',
  red: '#f2495c',
  blue: '#5794f2',
  purple: '#b877d9',
};
const palette = [
  '#7eb26d',
  '#eab839',
  '#6ed0e0',
  '#ef843c',
  '#e24d42',
  '#1f78c1',
  '#ba43a9',
  '#705da0',
  '#508642',
  '#cca300',
  '#447ebc',
  '#c15c17',
  '#890f02',
  '#0a437c',
  '#6d1f62',
  '#b7dbab',
];

export function cssColor(color: string): string {
  return named[color] ?? color;
}

interface Mapped {
  readonly text: string;
  readonly color: string | undefined;
}

/** What a value mapping says of a value. */
export function mapped(
  mappings: Panel['fieldConfig']['defaults']['mappings'],
  value: number,
): Mapped | undefined {
  for (const mapping of mappings ?? []) {
    if (mapping.type !== 'value') continue;
    const found = (mapping.options as Record<string, { text?: string; color?: string }>)[
      String(value)
    ];
    if (found !== undefined) return { text: found.text ?? String(value), color: found.color };
  }
  return undefined;
}

export function thresholdColor(
  thresholds: Panel['fieldConfig']['defaults']['thresholds'],
  value: number,
): string {
  let color = 'green';
  for (const step of thresholds?.steps ?? []) {
    if (step.value === null || value >= step.value) color = step.color;
  }
  return cssColor(color);
}

/** The name of a series: its legend with the labels filled in. */
export function nameOf(series: Series, legend: string | undefined): string {
  if (legend === undefined) return Object.values(series.metric).join(' ');
  return legend
    .replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => series.metric[label] ?? '')
    .trim();
}

/** What an override by name sets. */
export function overridden(panel: Panel, name: string, id: string): unknown {
  return panel.fieldConfig.overrides
    .filter(({ matcher }) => matcher.id === 'byName' && matcher.options === name)
    .flatMap(({ properties }) => properties)
    .findLast((property) => property.id === id)?.value;
}

export function seriesColor(panel: Panel, name: string, index: number): string {
  const fixed = overridden(panel, name, 'color') as { fixedColor?: string } | undefined;
  return fixed?.fixedColor === undefined
    ? (palette[index % palette.length] ?? '#7eb26d')
    : cssColor(fixed.fixedColor);
}
