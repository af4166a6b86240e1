import type { UsageChannel, UsageSeries } from '../../../analysis/verdict.ts';
import { amount, channelNames, channelUnits } from '../words.ts';
import { at, linearScale, plotLeft, plotWidth, svg, ticks } from './svg.ts';
import { axisLabels, axisLines, type TimeAxis } from './time-axis.ts';

const height = 120;
const top = 8;
const bottom = height - 20;

/** One channel over time: the range of the samples in each column of the drawing, and their mean; `marks` are the beginnings of cycles. */
export function seriesPlot(
  channel: UsageChannel,
  series: UsageSeries,
  axis: TimeAxis,
  marks: readonly number[],
): string {
  const highest = highestOf(channel, series.values);
  const y = linearScale([0, highest], [bottom, top]);
  const levels = ticks(0, highest, 3);
  const grid = levels
    .map((level) => {
      const place = at(y(level));
      return (
        `<line class="grid" x1="${plotLeft}" x2="${plotWidth - 8}" y1="${place}" y2="${place}"/>` +
        `<text class="axis" x="${plotLeft - 6}" y="${at(y(level) + 4)}" text-anchor="end">${level}</text>`
      );
    })
    .join('');
  const lines = marks
    .map((seconds) => {
      const place = at(axis.x(seconds));
      return `<line class="mark" x1="${place}" x2="${place}" y1="${top}" y2="${bottom}"/>`;
    })
    .join('');
  const columns = columnsOf(series, axis);
  const range = columns
    .map(({ x, low, high }) => `M${at(x)} ${at(y(low))}V${at(y(high) - 0.5)}`)
    .join('');
  const content =
    axisLines(axis, top, bottom) +
    grid +
    lines +
    `<path class="range" d="${range}"/><path class="mean" d="${meanPath(columns, y)}"/>` +
    axisLabels(axis, height - 4);
  const name = `${channelNames[channel]}, ${channelUnits[channel]}`;
  return `<h4>${name}</h4>${svg(height, `${name} over time, up to ${amount(highest)}`, content)}`;
}

function highestOf(channel: UsageChannel, values: Float64Array): number {
  if (channel === 'util' || channel === 'memCopy') return 100;
  return values.reduce((highest, value) => Math.max(highest, value), 1) * 1.05;
}

interface PlotColumn {
  readonly x: number;
  readonly low: number;
  readonly high: number;
  readonly mean: number;
  /** False: samples are missing between the column before and this one. */
  readonly joins: boolean;
}

/** A column holds all samples of one unit of the drawing. */
function columnsOf({ timesSeconds, values }: UsageSeries, axis: TimeAxis): PlotColumn[] {
  const gaps = timesSeconds.slice(1).map((time, i) => time - timesSeconds[i]!);
  const longest = 5 * (gaps.toSorted()[gaps.length >> 1] ?? Infinity);
  const columns: PlotColumn[] = [];
  let first = 0;
  for (let i = 1; i <= values.length; i++) {
    const column = Math.floor(axis.x(timesSeconds[first]!));
    if (i < values.length && Math.floor(axis.x(timesSeconds[i]!)) === column) continue;
    const part = values.subarray(first, i);
    const gap = first === 0 ? Infinity : timesSeconds[first]! - timesSeconds[first - 1]!;
    columns.push({
      x: axis.x((timesSeconds[first]! + timesSeconds[i - 1]!) / 2),
      low: part.reduce((low, value) => Math.min(low, value), Infinity),
      high: part.reduce((high, value) => Math.max(high, value), -Infinity),
      mean: part.reduce((sum, value) => sum + value, 0) / part.length,
      joins: gap <= longest,
    });
    first = i;
  }
  return columns;
}

function meanPath(columns: readonly PlotColumn[], y: (value: number) => number): string {
  return columns
    .map(({ x, mean, joins }) => `${joins ? 'L' : 'M'}${at(x)} ${at(y(mean))}`)
    .join('');
}
