import type { CellOptions, Override, Thresholds, Transformation, ValueMapping } from './json.ts';
import { panel, targets, type PlacedLater, type Spoken, type Unit } from './panel.ts';

/** A column with the value of a query. */
export interface ValueColumn {
  readonly title: string;
  readonly expr: string;
  readonly unit: Unit;
  readonly decimals?: number;
  readonly max?: number;
  readonly look?: 'gauge' | 'colored';
  readonly thresholds?: Thresholds;
  readonly mappings?: readonly ValueMapping[];
}

export interface TableSpec extends Spoken {
  /** Label → heading, in the order of the columns. Labels not named are not shown. */
  readonly labels: Readonly<Record<string, string>>;
  /** Labels that queries carry to tell rows apart, not shown. */
  readonly hiddenLabels?: readonly string[];
  /** Queries that bring labels only; their value (1) is not shown. */
  readonly facts?: readonly string[];
  readonly columns: readonly ValueColumn[];
  readonly sortBy?: { readonly title: string; readonly descending: boolean };
  /** By heading: where a click on the cell leads. */
  readonly cellLinks?: Readonly<Record<string, { title: string; url: string }>>;
}

/** Rows by labels: instant queries, each with the same labels or more, merged where their labels agree. */
export function table(spec: TableSpec): PlacedLater {
  const facts = spec.facts ?? [];
  const queries = [...facts, ...spec.columns.map(({ expr }) => expr)].map((expr) => ({ expr }));
  const letter = (index: number): string => String.fromCodePoint('A'.codePointAt(0)! + index);
  // With a single query Grafana calls its value column plainly so.
  const valueOf = (index: number): string =>
    queries.length === 1 ? 'Value' : `Value #${letter(index)}`;
  const headings = [
    ...Object.entries(spec.labels),
    ...spec.columns.map(({ title }, index) => [valueOf(facts.length + index), title] as const),
  ];
  const hidden = ['Time', ...(spec.hiddenLabels ?? []), ...facts.map((_, index) => valueOf(index))];
  const organize: Transformation = {
    id: 'organize',
    options: {
      excludeByName: Object.fromEntries(hidden.map((name) => [name, true])),
      indexByName: Object.fromEntries(headings.map(([field], index) => [field, index])),
      renameByName: Object.fromEntries(headings),
    },
  };
  return panel(spec, {
    kind: 'table',
    height: 8,
    targets: targets(queries, 'table'),
    options: {
      frameIndex: 0,
      showHeader: true,
      cellHeight: 'sm',
      ...(spec.sortBy === undefined
        ? {}
        : { sortBy: [{ displayName: spec.sortBy.title, desc: spec.sortBy.descending }] }),
    },
    custom: { align: 'auto', inspect: false, filterable: true },
    colorMode: 'thresholds',
    transformations: [{ id: 'merge', options: {} }, organize],
    overrides: [
      ...spec.columns.map((column) => columnOverride(column)),
      ...Object.entries(spec.cellLinks ?? {}).map(([title, link]) => ({
        matcher: { id: 'byName', options: title },
        properties: [{ id: 'links', value: [link] }],
      })),
    ],
  });
}

function columnOverride(column: ValueColumn): Override {
  const { title, unit, decimals, max, look, thresholds, mappings } = column;
  const cell: CellOptions =
    look === 'gauge'
      ? { type: 'gauge', mode: 'basic', valueDisplayMode: 'text' }
      : { type: 'color-text' };
  return {
    matcher: { id: 'byName', options: title },
    properties: [
      { id: 'unit', value: unit },
      ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
      ...(max === undefined
        ? []
        : [
            { id: 'min', value: 0 },
            { id: 'max', value: max },
          ]),
      ...(look === undefined ? [] : [{ id: 'custom.cellOptions', value: cell }]),
      ...(thresholds === undefined ? [] : [{ id: 'thresholds', value: thresholds }]),
      ...(mappings === undefined ? [] : [{ id: 'mappings', value: mappings }]),
    ],
  };
}
