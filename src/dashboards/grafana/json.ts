import type * as barGauge from '@grafana/grafana-foundation-sdk/bargauge';
import type * as common from '@grafana/grafana-foundation-sdk/common';
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type * as pieChart from '@grafana/grafana-foundation-sdk/piechart';
import type * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import type * as stateTimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import type * as timeSeries from '@grafana/grafana-foundation-sdk/timeseries';

/**
 * The dashboard model as Grafana publishes it, for the oldest version that is served (10.4): a property or value that it does not
 * know does not compile. Only the types are used; nothing of the package runs.
 */

type IsAny<T> = 0 extends 1 & T ? true : false;

/** As the published type is in JSON: enumerations as their values, without the marker methods of the package. */
export type Json<T> =
  IsAny<T> extends true
    ? unknown
    : T extends string
      ? `${T}`
      : T extends number
        ? number extends T
          ? number
          : `${T}` extends `${infer Value extends number}`
            ? Value
            : never
        : T extends readonly (infer Item)[]
          ? readonly Json<Item>[]
          : T extends object
            ? { [Key in keyof T as Key extends `_${string}` ? never : Key]: Json<T[Key]> }
            : T;

export type Target = Json<prometheus.dataquery>;
export type Link = Json<dashboard.DashboardLink>;
export type Variable = Json<dashboard.VariableModel>;
export type GridPos = Json<dashboard.GridPos>;
export type Transformation = Json<dashboard.DataTransformerConfig>;
export type ValueMapping = Json<dashboard.ValueMapping>;
export type Thresholds = Json<dashboard.ThresholdsConfig>;
export type FieldColor = Json<dashboard.FieldColor>;
export type Override = Json<dashboard.FieldConfigSource>['overrides'][number];
/** Values of overrides, which the model itself leaves open. */
export type CellOptions = Json<common.TableCellOptions>;
export type GraphField = Json<common.GraphFieldConfig>;
export type RowPanel = Json<dashboard.RowPanel>;

interface KindTypes {
  readonly timeseries: { options: timeSeries.Options; custom: timeSeries.FieldConfig };
  readonly stat: { options: stat.Options; custom: object };
  readonly table: { options: table.Options; custom: table.FieldConfig };
  readonly bargauge: { options: barGauge.Options; custom: object };
  readonly piechart: { options: pieChart.Options; custom: pieChart.FieldConfig };
  readonly 'state-timeline': {
    options: stateTimeline.Options;
    custom: stateTimeline.FieldConfig;
  };
}

/** The panel plugins in use, each part of Grafana itself. */
export type PanelKind = keyof KindTypes;
export type PanelOptions<Kind extends PanelKind> = Json<KindTypes[Kind]['options']>;
export type CustomField<Kind extends PanelKind> = Partial<Json<KindTypes[Kind]['custom']>>;

type FieldConfig = Omit<Json<dashboard.FieldConfig>, 'custom'>;

export type Panel = Omit<
  Json<dashboard.Panel>,
  'type' | 'targets' | 'options' | 'fieldConfig' | 'gridPos' | 'id'
> & {
  readonly id: number;
  readonly type: PanelKind;
  readonly gridPos: GridPos;
  readonly targets: readonly Target[];
  readonly options: PanelOptions<PanelKind>;
  readonly fieldConfig: {
    readonly defaults: FieldConfig & { readonly custom?: CustomField<PanelKind> };
    readonly overrides: readonly Override[];
  };
};

export type Dashboard = Omit<Json<dashboard.Dashboard>, 'panels'> & {
  readonly panels: readonly (Panel | RowPanel)[];
};
