import { element } from './element.ts';
import { mean, type GpuSeries } from './series.ts';

/** The plot as a table of one-minute means, newest first, for those who read rather than look. */
export function minuteTable(series: GpuSeries): HTMLTableElement {
  const rows: HTMLTableRowElement[] = [];
  for (let end = series.times.length; end > 0; end -= 60) {
    const from = Math.max(0, end - 60);
    const time = series.times[from];
    if (time === undefined) break;
    const cell = (values: readonly (number | null)[], digits: number): HTMLTableCellElement => {
      const value = mean(values.slice(from, end));
      return element('td', {}, value === null ? 'no data' : value.toFixed(digits));
    };
    rows.push(
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, new Date(1000 * time).toLocaleTimeString()),
        cell(series.util, 0),
        cell(series.memUsedMiB, 0),
        cell(series.powerWatts, 0),
      ),
    );
  }
  const heads = ['From', 'Utilisation, %', 'Memory, MiB', 'Power, W'];
  return element(
    'table',
    {},
    element('caption', {}, 'Means of one minute'),
    element(
      'thead',
      {},
      element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head))),
    ),
    element('tbody', {}, ...rows),
  );
}
