import type { Panel } from '../../../../src/dashboards/dashboards.ts';
import type { Series } from '../query.ts';
import { escaped, formatValue } from './format.ts';
import { mapped, overridden, thresholdColor } from './look.ts';

type Row = Record<string, string>;
type Results = readonly (readonly Series[])[];

/** Grafana's transformation "merge": rows whose shared fields agree become one. */
function mergedRows(panel: Panel, results: Results): Row[] {
  const rows: Row[] = [];
  for (const [index, series] of results.entries()) {
    const value = results.length === 1 ? 'Value' : `Value #${panel.targets[index]?.refId}`;
    for (const one of series) {
      const added: Row = { ...one.metric, [value]: one.points.at(-1)?.[1] ?? '' };
      const same = rows.find(
        (row) =>
          Object.entries(one.metric).every(
            ([label, text]) => row[label] === undefined || row[label] === text,
          ) && row[value] === undefined,
      );
      if (same === undefined) rows.push(added);
      else Object.assign(same, added);
    }
  }
  return rows;
}

export function table(panel: Panel, results: Results): string {
  const organize = panel.transformations?.find(({ id }) => id === 'organize')?.options as {
    renameByName: Record<string, string>;
    indexByName: Record<string, number>;
  };
  const fields = Object.entries(organize.renameByName).toSorted(
    ([a], [b]) => (organize.indexByName[a] ?? 0) - (organize.indexByName[b] ?? 0),
  );
  const sort = (panel.options as { sortBy?: readonly { displayName: string; desc?: boolean }[] })
    .sortBy?.[0];
  const sortField = fields.find(([, title]) => title === sort?.displayName)?.[0];
  const rows = mergedRows(panel, results).toSorted((a, b) => {
    if (sortField === undefined) return 0;
    const [left = '', right = ''] = [a[sortField], b[sortField]];
    const order = Number(left) - Number(right) || left.localeCompare(right);
    return sort?.desc === true ? -order : order;
  });
  const head = fields.map(([, title]) => `<th>${escaped(title)}</th>`).join('');
  const body = rows.map(
    (row) =>
      `<tr>${fields.map(([field, title]) => cell(panel, field, title, row[field])).join('')}</tr>`,
  );
  return `<table><tr>${head}</tr>${body.join('')}</table>`;
}

function cell(panel: Panel, field: string, title: string, text: string | undefined): string {
  if (text === undefined) return '<td></td>';
  const link = overridden(panel, title, 'links') === undefined ? '' : ' class="link"';
  if (!field.startsWith('Value')) return `<td${link}>${escaped(text)}</td>`;
  const value = Number(text);
  const unit = (overridden(panel, title, 'unit') as string | undefined) ?? '';
  const look = mapped(
    overridden(panel, title, 'mappings') as Panel['fieldConfig']['defaults']['mappings'],
    value,
  );
  const options = overridden(panel, title, 'custom.cellOptions') as { type: string } | undefined;
  const thresholds = overridden(
    panel,
    title,
    'thresholds',
  ) as Panel['fieldConfig']['defaults']['thresholds'];
  const words =
    look?.text ??
    formatValue(value, unit, overridden(panel, title, 'decimals') as number | undefined);
  const color =
    look?.color ?? thresholdColor(thresholds ?? panel.fieldConfig.defaults.thresholds, value);
  if (options?.type === 'gauge') {
    const most = (overridden(panel, title, 'max') as number | undefined) ?? 1;
    return `<td><span class="gauge"><i style="width:${(100 * value) / most}%;background:${color}"></i></span> ${words}</td>`;
  }
  return `<td${options === undefined ? '' : ` style="color:${color}"`}>${escaped(words)}</td>`;
}
