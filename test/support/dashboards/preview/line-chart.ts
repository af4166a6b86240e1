import type { Panel } from '../../../../src/dashboards/dashboards.ts';
import type { Series } from '../query.ts';
import { escaped, formatValue } from './format.ts';
import { cssColor, nameOf, overridden, seriesColor } from './look.ts';

interface Line {
  readonly name: string;
  readonly color: string;
  readonly dashed: boolean;
  readonly points: readonly { readonly x: number; readonly from: number; readonly to: number }[];
}

const margin = { left: 72, right: 10, top: 8, bottom: 22 };

/** A time series panel as SVG, with its legend below. */
export function lineChart(
  panel: Panel,
  results: readonly (readonly Series[])[],
  width: number,
  height: number,
): string {
  const lines = linesOf(panel, results);
  const isLegendShown = (panel.options as { legend?: { showLegend?: boolean } }).legend?.showLegend;
  const legendHeight = isLegendShown === false ? 0 : legendHeightOf(lines, width);
  const plot = { width, height: height - legendHeight };
  const { defaults } = panel.fieldConfig;
  const limits =
    defaults.custom !== undefined && 'thresholdsStyle' in defaults.custom
      ? (defaults.thresholds?.steps ?? []).filter(({ value }) => value !== null)
      : [];
  const points = lines.flatMap((line) => line.points);
  const highest = Math.max(...points.map(({ to }) => to), ...limits.map(({ value }) => value ?? 0));
  const low = defaults.min ?? Math.min(...points.map(({ from }) => from), 0);
  const high = defaults.max ?? (highest > 0 ? highest * 1.08 : 1);
  const [left, right] = [
    Math.min(...points.map(({ x }) => x)),
    Math.max(...points.map(({ x }) => x)),
  ];
  const inner = {
    w: plot.width - margin.left - margin.right,
    h: plot.height - margin.top - margin.bottom,
  };
  const bars = (defaults.custom as { drawStyle?: string } | undefined)?.drawStyle === 'bars';
  // Bars stand with their middle at their time: half of one more fits at either end.
  const inset = bars ? inner.w / (2 * Math.max(1, lines[0]?.points.length ?? 1)) : 0;
  const x = (seconds: number): number =>
    margin.left +
    (right === left
      ? inner.w / 2
      : inset + ((seconds - left) / (right - left)) * (inner.w - 2 * inset));
  const y = (value: number): number =>
    margin.top + inner.h - ((value - low) / (high - low || 1)) * inner.h;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => low + share * (high - low));
  const grid = ticks.map(
    (tick) =>
      `<line x1="${margin.left}" x2="${plot.width - margin.right}" y1="${y(tick)}" y2="${y(tick)}" class="grid"/><text x="${margin.left - 6}" y="${y(tick) + 4}" text-anchor="end">${formatValue(tick, defaults.unit ?? '', defaults.decimals)}</text>`,
  );
  const times = [0, 0.33, 0.66, 1]
    .map((share) => ({ share, seconds: left + share * (right - left) }))
    .map(
      ({ share, seconds }) =>
        // The outer ones would be cut by the edge of the panel.
        `<text x="${x(seconds)}" y="${plot.height - 6}" text-anchor="${share === 0 ? 'start' : share === 1 ? 'end' : 'middle'}">${timeText(seconds, right - left)}</text>`,
    );
  const drawn = lines.map((line) =>
    bars
      ? barsOf(line, x, y)
      : pathOf(line, x, y, (defaults.custom as { fillOpacity?: number }).fillOpacity ?? 0),
  );
  const marks = limits.map(
    ({ value, color }) =>
      `<line x1="${margin.left}" x2="${plot.width - margin.right}" y1="${y(value ?? 0)}" y2="${y(value ?? 0)}" stroke="${cssColor(color)}" stroke-dasharray="6 5"/>`,
  );
  const legend = lines.map(
    ({ name, color }) => `<span><i style="background:${color}"></i>${escaped(name)}</span>`,
  );
  return `<svg width="${plot.width}" height="${plot.height}">${[...grid, ...times, ...drawn, ...marks].join('')}</svg>${legendHeight === 0 ? '' : `<div class="legend">${legend.join('')}</div>`}`;
}

const legendRowHeight = 20;

/** As many rows as the names need, at most three; CSS wraps them at the same width. */
function legendHeightOf(lines: readonly Line[], width: number): number {
  const characterWidth = 6.6;
  let rows = 1;
  let used = 0;
  for (const { name } of lines) {
    const needed = name.length * characterWidth + 31;
    if (used > 0 && used + needed > width) {
      rows += 1;
      used = 0;
    }
    used += needed;
  }
  return Math.min(3, rows) * legendRowHeight + 4;
}

/** A time of day or, where days are shown, a date. */
function timeText(seconds: number, rangeSeconds: number): string {
  const text = new Date(seconds * 1_000).toISOString();
  return rangeSeconds > 2 * 86_400 ? text.slice(5, 10) : text.slice(11, 16);
}

function linesOf(panel: Panel, results: readonly (readonly Series[])[]): readonly Line[] {
  const stacked =
    (panel.fieldConfig.defaults.custom as { stacking?: { mode?: string } } | undefined)?.stacking
      ?.mode === 'normal';
  const tops = new Map<number, number>();
  return results
    .flatMap((series, index) =>
      series.map((one) => ({ one, name: nameOf(one, panel.targets[index]?.legendFormat) })),
    )
    .map(({ one, name }, index) => ({
      name,
      color: seriesColor(panel, name, index),
      dashed: overridden(panel, name, 'custom.lineStyle') !== undefined,
      points: one.points
        .filter(([, value]) => Number.isFinite(Number(value)))
        .map(([x, text]) => {
          const from = stacked ? (tops.get(x) ?? 0) : 0;
          const to = from + Number(text);
          tops.set(x, to);
          return { x, from, to };
        }),
    }));
}

type Scale = (value: number) => number;

/** A step of more than three times the usual is a gap. */
function pathOf({ points, color, dashed }: Line, x: Scale, y: Scale, fillOpacity: number): string {
  const steps = points
    .slice(1)
    .map((point, index) => point.x - (points[index]?.x ?? 0))
    .toSorted((a, b) => a - b);
  const usual = steps[Math.floor(steps.length / 2)] ?? 0;
  const runs: (typeof points)[number][][] = [];
  for (const point of points) {
    const last = runs.at(-1)?.at(-1);
    if (last === undefined || point.x - last.x > 3 * usual) runs.push([point]);
    else runs.at(-1)?.push(point);
  }
  return runs
    .map((run) => {
      const top = run.map((point) => `${x(point.x).toFixed(1)},${y(point.to).toFixed(1)}`);
      const bottom = run
        .toReversed()
        .map((point) => `${x(point.x).toFixed(1)},${y(point.from).toFixed(1)}`);
      const fill = dashed
        ? ''
        : `<polygon points="${[...top, ...bottom].join(' ')}" fill="${color}" opacity="${fillOpacity / 100}"/>`;
      return `${fill}<polyline points="${top.join(' ')}" fill="none" stroke="${color}" stroke-width="1.4"${dashed ? ' stroke-dasharray="8 6"' : ''}/>`;
    })
    .join('');
}

function barsOf({ points, color }: Line, x: Scale, y: Scale): string {
  const width =
    points.length < 2 ? 40 : Math.max(4, (x(points[1]?.x ?? 0) - x(points[0]?.x ?? 0)) * 0.7);
  return points
    .map(
      (point) =>
        `<rect x="${x(point.x) - width / 2}" y="${y(point.to)}" width="${width}" height="${Math.max(0, y(point.from) - y(point.to))}" fill="${color}" opacity=".8"/>`,
    )
    .join('');
}
