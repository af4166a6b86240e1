import type { Panel } from '../../../../src/dashboards/dashboards.ts';
import type { Series } from '../query.ts';
import { escaped, formatValue } from './format.ts';
import { mapped, nameOf, seriesColor, thresholdColor } from './look.ts';

type Results = readonly (readonly Series[])[];

function lastOf(series: Series): number {
  return Number(series.points.at(-1)?.[1] ?? Number.NaN);
}

function shown(panel: Panel, value: number): string {
  const { unit = '', decimals } = panel.fieldConfig.defaults;
  return formatValue(value, unit, decimals);
}

export function stat(panel: Panel, results: Results, width: number, height: number): string {
  const series = results[0]?.[0];
  if (series === undefined) return '';
  const value = lastOf(series);
  const color = thresholdColor(panel.fieldConfig.defaults.thresholds, value);
  const values = series.points.map(([, text]) => Number(text));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const line = values.map((each, index) => {
    const x = (index / Math.max(1, values.length - 1)) * width;
    return `${x.toFixed(1)},${(height - 4 - ((each - low) / (high - low || 1)) * height * 0.35).toFixed(1)}`;
  });
  const trend =
    values.length < 2
      ? ''
      : `<svg width="${width}" height="${height}" class="trend"><polygon points="0,${height} ${line.join(' ')} ${width},${height}" fill="${color}" opacity=".15"/><polyline points="${line.join(' ')}" fill="none" stroke="${color}"/></svg>`;
  return `${trend}<div class="stat" style="color:${color}">${shown(panel, value)}</div>`;
}

export function ranking(panel: Panel, results: Results): string {
  const series = (results[0] ?? []).toSorted((a, b) => lastOf(b) - lastOf(a));
  const most = Math.max(panel.fieldConfig.defaults.max ?? 0, ...series.map(lastOf), 1e-9);
  return `<div class="bars">${series
    .map((one) => {
      const value = lastOf(one);
      const color = thresholdColor(panel.fieldConfig.defaults.thresholds, value);
      return `<b>${escaped(nameOf(one, panel.targets[0]?.legendFormat))}</b><span><i style="width:${(100 * value) / most}%;background:${color}"></i></span><em style="color:${color}">${shown(panel, value)}</em>`;
    })
    .join('')}</div>`;
}

export function pie(panel: Panel, results: Results, height: number): string {
  const series = results[0] ?? [];
  const total = series.reduce((sum, one) => sum + lastOf(one), 0);
  const size = Math.min(height, 190);
  const radius = size / 2 - 20;
  const around = 2 * Math.PI * radius;
  let turned = 0;
  const parts = series.map((one, index) => {
    const name = nameOf(one, panel.targets[0]?.legendFormat);
    const share = lastOf(one) / total;
    const color = seriesColor(panel, name, index);
    const arc = `<circle r="${radius}" cx="${size / 2}" cy="${size / 2}" fill="none" stroke="${color}" stroke-width="34" stroke-dasharray="${share * around} ${around}" transform="rotate(${turned * 360 - 90} ${size / 2} ${size / 2})"/>`;
    turned += share;
    return {
      arc,
      legend: `<span><i style="background:${color}"></i>${escaped(name)}: ${shown(panel, lastOf(one))} (${Math.round(100 * share)} %)</span>`,
    };
  });
  return `<div class="pie"><svg width="${size}" height="${size}" style="flex:none">${parts.map(({ arc }) => arc).join('')}</svg><div class="legend column">${parts.map(({ legend }) => legend).join('')}</div></div>`;
}

/** A state timeline: one row per series, a bar per run of equal values. */
export function states(panel: Panel, results: Results, width: number, height: number): string {
  const series = (results[0] ?? []).toSorted((a, b) =>
    nameOf(a, panel.targets[0]?.legendFormat).localeCompare(
      nameOf(b, panel.targets[0]?.legendFormat),
      'en',
      { numeric: true },
    ),
  );
  const times = series.flatMap(({ points }) => points.map(([time]) => time));
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const left = 230;
  const rowHeight = Math.min(26, (height - 10) / Math.max(1, series.length));
  const x = (time: number): number =>
    left + ((time - from) / (to - from || 1)) * (width - left - 10);
  const { mappings, thresholds } = panel.fieldConfig.defaults;
  const rows = series.map((one, row) => {
    const runs: { value: number; from: number; to: number }[] = [];
    for (const [time, text] of one.points) {
      const last = runs.at(-1);
      if (last?.value === Number(text)) last.to = time;
      else {
        if (last !== undefined) last.to = time;
        runs.push({ value: Number(text), from: time, to: time });
      }
    }
    const boxes = runs.map((run) => {
      const look = mapped(mappings, run.value);
      const color =
        look?.color === undefined
          ? thresholdColor(thresholds, run.value)
          : thresholdColor({ mode: 'absolute', steps: [{ color: look.color, value: null }] }, 0);
      const w = Math.max(1, x(run.to) - x(run.from));
      const label =
        w > 60
          ? `<text x="${x(run.from) + 5}" y="${row * rowHeight + rowHeight * 0.65}" class="dark">${escaped(look?.text ?? String(run.value))}</text>`
          : '';
      return `<rect x="${x(run.from)}" y="${row * rowHeight + 2}" width="${w}" height="${rowHeight - 4}" fill="${color}" opacity=".85"/>${label}`;
    });
    return `<text x="${left - 8}" y="${row * rowHeight + rowHeight * 0.65}" text-anchor="end">${escaped(nameOf(one, panel.targets[0]?.legendFormat))}</text>${boxes.join('')}`;
  });
  return `<svg width="${width}" height="${height}">${rows.join('')}</svg>`;
}
