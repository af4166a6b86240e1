import { panel, targets, type PlacedLater, type Query, type Spoken } from './panel.ts';

/** What state each thing was in, over time; the values get their names and colours from `mappings`. */
export function states(spec: Spoken & { readonly query: Query }): PlacedLater {
  return panel(spec, {
    kind: 'state-timeline',
    height: 8,
    targets: targets([spec.query], 'range'),
    options: {
      showValue: 'auto',
      rowHeight: 0.85,
      mergeValues: true,
      alignValue: 'left',
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
      tooltip: { mode: 'single', sort: 'none' },
    },
    custom: { lineWidth: 0, fillOpacity: 75 },
    colorMode: 'thresholds',
  });
}
