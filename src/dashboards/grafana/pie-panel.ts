import { panel, targets, type PlacedLater, type Query, type Spoken } from './panel.ts';

/** Parts of a whole, now. */
export function pie(
  spec: Spoken & { readonly query: Query; readonly colors?: Readonly<Record<string, string>> },
): PlacedLater {
  return panel(spec, {
    kind: 'piechart',
    height: 8,
    targets: targets([spec.query], 'instant'),
    options: {
      pieType: 'donut',
      displayLabels: ['name', 'value'],
      orientation: 'auto',
      tooltip: { mode: 'single', sort: 'none' },
      reduceOptions: { values: false, calcs: ['lastNotNull'], fields: '' },
      legend: {
        displayMode: 'list',
        placement: 'right',
        showLegend: true,
        calcs: [],
        values: ['value', 'percent'],
      },
    },
    colorMode: 'palette-classic-by-name',
    overrides: Object.entries(spec.colors ?? {}).map(([name, fixedColor]) => ({
      matcher: { id: 'byName', options: name },
      properties: [{ id: 'color', value: { mode: 'fixed', fixedColor } }],
    })),
  });
}
