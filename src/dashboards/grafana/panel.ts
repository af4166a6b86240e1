import type {
  CustomField,
  GridPos,
  Link,
  Override,
  Panel,
  PanelKind,
  PanelOptions,
  Target,
  Thresholds,
  Transformation,
  ValueMapping,
} from './json.ts';
import { dataSource } from './variables.ts';

/** Units of Grafana that are in use, by their ids. */
export type Unit =
  | 'percentunit'
  | 'bytes'
  | 'watt'
  | 'celsius'
  | 'hertz'
  | 's'
  | 'h'
  | 'short'
  | 'none'
  | 'reqps'
  | 'string'
  | 'dateTimeFromNow';

/** One query of a panel; `legend` may hold {{label}}. */
export interface Query {
  readonly expr: string;
  readonly legend?: string;
}

/** What every panel must say. */
export interface Spoken {
  readonly title: string;
  /** What to conclude from it. */
  readonly meaning: string;
  /** What to do about it. */
  readonly action: string;
  /** Shown when there is no series at all: says why that may be, for absent is not zero. */
  readonly absent: string;
  readonly unit: Unit;
  /** Columns of the 24 of a dashboard. */
  readonly width: number;
  /** Rows of 30 pixels; default by kind. */
  readonly height?: number;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly thresholds?: Thresholds;
  readonly mappings?: readonly ValueMapping[];
  readonly links?: readonly Link[];
  /** A time range of its own, back from now. */
  readonly timeFrom?: string;
  /** Smallest step of a range query. */
  readonly interval?: string;
}

/** A panel that waits for its place. */
export interface PlacedLater {
  readonly width: number;
  readonly height: number;
  place(id: number, gridPos: GridPos): Panel;
}

interface Parts<Kind extends PanelKind> {
  readonly kind: Kind;
  readonly height: number;
  readonly targets: readonly Target[];
  readonly options: PanelOptions<Kind>;
  readonly custom?: CustomField<Kind>;
  readonly colorMode: 'thresholds' | 'palette-classic-by-name' | 'palette-classic';
  readonly overrides?: readonly Override[];
  readonly transformations?: readonly Transformation[];
}

/** A panel from what it says and what its kind brings along. */
export function panel<Kind extends PanelKind>(spec: Spoken, parts: Parts<Kind>): PlacedLater {
  const height = spec.height ?? parts.height;
  return {
    width: spec.width,
    height,
    place: (id, gridPos) => ({
      id,
      type: parts.kind,
      title: spec.title,
      description: `${spec.meaning}\n\n**What to do:** ${spec.action}`,
      datasource: dataSource,
      gridPos,
      ...(spec.timeFrom === undefined ? {} : { timeFrom: spec.timeFrom }),
      ...(spec.interval === undefined ? {} : { interval: spec.interval }),
      ...(spec.links === undefined ? {} : { links: spec.links }),
      ...(parts.transformations === undefined ? {} : { transformations: parts.transformations }),
      targets: parts.targets,
      options: parts.options as PanelOptions<PanelKind>,
      fieldConfig: {
        defaults: {
          unit: spec.unit,
          noValue: spec.absent,
          ...(spec.decimals === undefined ? {} : { decimals: spec.decimals }),
          ...(spec.min === undefined ? {} : { min: spec.min }),
          ...(spec.max === undefined ? {} : { max: spec.max }),
          color: { mode: parts.colorMode },
          thresholds: spec.thresholds ?? plain,
          mappings: spec.mappings ?? [],
          ...(parts.custom === undefined ? {} : { custom: parts.custom }),
        },
        overrides: parts.overrides ?? [],
      },
    }),
  };
}

export const plain: Thresholds = { mode: 'absolute', steps: [{ color: 'blue', value: null }] };

/** Colours from values on: green below the first. */
export function risingFrom(
  ...steps: readonly (readonly [value: number, color: string])[]
): Thresholds {
  return {
    mode: 'absolute',
    steps: [{ color: 'green', value: null }, ...steps.map(([value, color]) => ({ color, value }))],
  };
}

/** One query per entry, lettered. */
export function targets(queries: readonly Query[], form: 'range' | 'instant' | 'table'): Target[] {
  return queries.map(({ expr, legend }, index) => ({
    refId: String.fromCodePoint('A'.codePointAt(0)! + index),
    datasource: dataSource,
    expr,
    ...(legend === undefined ? {} : { legendFormat: legend }),
    instant: form !== 'range',
    range: form === 'range',
    format: form === 'table' ? 'table' : 'time_series',
    editorMode: 'code',
  }));
}
