import { element } from './element.ts';
import { mean, type GpuSeries } from './series.ts';
import { clockTime } from './words.ts';

const rowsAtMost = 60;

/** The plot as a table of means of whole minutes, newest first, for those who read rather than look. */
export function minuteTable(series: GpuSeries): HTMLTableElement {
  const rows: HTMLTableRowElement[] = [];
  const { stepSeconds, times } = series;
  const minutes = Math.max(1, Math.ceil((times.length * stepSeconds) / 60 / rowsAtMost));
  const bins = (60 * minutes) / stepSeconds;
  for (let end = times.length; end > 0; end -= bins) {
    const from = Math.max(0, end - bins);
    const time = times[from];
    if (time === undefined) break;
    const cell = (
      values: readonly (number | null)[],
      text: (value: number) => string,
    ): HTMLTableCellElement => {
      const value = mean(values.slice(from, end));
      return element('td', {}, value === null ? 'no data' : text(value));
    };
    rows.push(
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, clockTime(1000 * time)),
        cell(series.util, (value) => value.toFixed(0)),
        cell(series.memUsedMiB, (value) => (value / 1024).toFixed(1)),
        cell(series.powerWatts, (value) => value.toFixed(0)),
      ),
    );
  }
  const heads = ['From', 'Utilisation, %', 'Memory, GiB', 'Power, W'];
  return element(
    'table',
    {},
    element('caption', {}, minutes === 1 ? 'Means of one minute' : `Means of ${minutes} minutes`),
    element(
      'thead',
      {},
      element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head))),
    ),
    element('tbody', {}, ...rows),
  );
}
