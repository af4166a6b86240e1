import { panel, targets, type PlacedLater, type Spoken } from './panel.ts';

/** One number that decides whether to read on; the line behind it is its recent past. */
export function stat(
  spec: Spoken & { readonly expr: string; readonly trend?: boolean },
): PlacedLater {
  const trend = spec.trend ?? true;
  return panel(spec, {
    kind: 'stat',
    height: 4,
    targets: targets([{ expr: spec.expr, legend: spec.title }], trend ? 'range' : 'instant'),
    options: {
      graphMode: trend ? 'area' : 'none',
      colorMode: 'value',
      justifyMode: 'auto',
      textMode: 'value',
      wideLayout: true,
      showPercentChange: false,
      orientation: 'auto',
      // The newest value, be it absent: an old one must not pass for it.
      reduceOptions: { values: false, calcs: ['last'], fields: '' },
    },
    colorMode: 'thresholds',
  });
}
