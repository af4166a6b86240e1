import { panel, targets, type PlacedLater, type Query, type Spoken } from './panel.ts';

/** A ranking: one bar per series of an instant query. */
export function ranking(spec: Spoken & { readonly query: Query }): PlacedLater {
  return panel(spec, {
    kind: 'bargauge',
    height: 8,
    targets: targets([spec.query], 'instant'),
    options: {
      displayMode: 'basic',
      valueMode: 'color',
      namePlacement: 'left',
      showUnfilled: true,
      sizing: 'auto',
      minVizWidth: 8,
      minVizHeight: 16,
      maxVizHeight: 28,
      orientation: 'horizontal',
      reduceOptions: { values: false, calcs: ['lastNotNull'], fields: '' },
    },
    colorMode: 'thresholds',
  });
}
