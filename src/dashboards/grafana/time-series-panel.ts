import type { CustomField, GraphField, Override } from './json.ts';
import { panel, targets, type PlacedLater, type Query, type Spoken } from './panel.ts';

export interface TimeSeriesSpec extends Spoken {
  readonly queries: readonly Query[];
  readonly look?: 'lines' | 'stacked' | 'bars';
  /** Colours by the name in the legend. */
  readonly colors?: Readonly<Record<string, string>>;
  /** Names of the legend drawn dashed, without filling: limits and bounds. */
  readonly dashed?: readonly string[];
  readonly legend?: 'list' | 'table' | 'hidden';
}

const looks: Readonly<Record<NonNullable<TimeSeriesSpec['look']>, CustomField<'timeseries'>>> = {
  lines: {
    drawStyle: 'line',
    lineWidth: 1,
    fillOpacity: 8,
    stacking: { mode: 'none', group: 'A' },
  },
  stacked: {
    drawStyle: 'line',
    lineWidth: 1,
    fillOpacity: 60,
    stacking: { mode: 'normal', group: 'A' },
  },
  bars: {
    drawStyle: 'bars',
    lineWidth: 1,
    fillOpacity: 70,
    barAlignment: 0,
    stacking: { mode: 'normal', group: 'A' },
  },
};

const withoutFilling: GraphField = {
  lineStyle: { fill: 'dash', dash: [8, 6] },
  fillOpacity: 0,
  stacking: { mode: 'none', group: 'A' },
};

export function timeSeries(spec: TimeSeriesSpec): PlacedLater {
  const legend = spec.legend ?? 'list';
  return panel(spec, {
    kind: 'timeseries',
    height: 8,
    targets: targets(spec.queries, 'range'),
    options: {
      legend: {
        displayMode: legend === 'table' ? 'table' : legend === 'hidden' ? 'hidden' : 'list',
        placement: legend === 'table' ? 'right' : 'bottom',
        showLegend: legend !== 'hidden',
        calcs: legend === 'table' ? ['lastNotNull', 'max'] : [],
      },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    custom: {
      ...looks[spec.look ?? 'lines'],
      lineInterpolation: 'linear',
      showPoints: 'never',
      // A gap is a gap: nothing was measured there.
      spanNulls: false,
      axisPlacement: 'auto',
      ...(spec.thresholds === undefined ? {} : { thresholdsStyle: { mode: 'dashed' } }),
    },
    colorMode: 'palette-classic-by-name',
    overrides: [
      ...Object.entries(spec.colors ?? {}).map(([name, fixedColor]) =>
        byName(name, [{ id: 'color', value: { mode: 'fixed', fixedColor } }]),
      ),
      ...(spec.dashed ?? []).map((name) =>
        byName(
          name,
          Object.entries(withoutFilling).map(([id, value]) => ({ id: `custom.${id}`, value })),
        ),
      ),
    ],
  });
}

function byName(name: string, properties: Override['properties']): Override {
  return { matcher: { id: 'byName', options: name }, properties };
}
