import uPlot from 'uplot';
import { bridged, shares, type GpuSeries } from './series.ts';
import type { GpuView } from './api.ts';
import { clockTime } from './words.ts';

export interface Plot {
  update(series: GpuSeries, gpu: GpuView): void;
  /** Moves the reading line by bins (negative: back in time); returns the index in the series, null when there is nothing. */
  move(bins: number): number | null;
  redraw(): void;
}

const height = 170;
/** A longer silence than this is shown as a gap, seconds. */
const bridgedSeconds = 4;

/** One GPU's plot: utilisation filled, memory and power as lines told apart by dash as well as colour. */
export function createPlot(host: HTMLElement, onRead: (index: number | null) => void): Plot {
  let data: uPlot.AlignedData = [[], [], [], []];
  const plot = new uPlot(options(host, onRead), data, host);
  new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height })).observe(host);
  return {
    update: (series, gpu) => {
      // A minute without a sample is a gap in any case.
      const bridge = series.stepSeconds === 1 ? bridgedSeconds : 0;
      data = [
        series.times,
        bridged(series.util, bridge),
        shares(bridged(series.memUsedMiB, bridge), gpu.memoryTotalMiB),
        shares(bridged(series.powerWatts, bridge), gpu.powerLimitWatts),
      ];
      plot.setData(data);
    },
    move: (bins) => {
      const last = data[0].length - 1;
      if (last < 0) return null;
      const at = Math.min(last, Math.max(0, (plot.cursor.idx ?? last) + bins));
      plot.setCursor({ left: plot.valToPos(data[0][at] ?? 0, 'x'), top: height / 2 });
      return at;
    },
    redraw: () => plot.redraw(false),
  };
}

function options(host: HTMLElement, onRead: (index: number | null) => void): uPlot.Options {
  // Colours are read at each drawing so that a change between light and dark shows at once.
  const colour = (name: string) => (): string =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--muted'),
    grid: { stroke: colour('--grid'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: host.clientWidth || 600,
    height,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { x: { time: true }, y: { range: [0, 105] } },
    axes: [
      { ...axis, size: 28, space: 80, values: (_, ticks) => ticks.map(timeOfDay) },
      { ...axis, size: 44, values: (_, ticks) => ticks.map((tick) => `${tick} %`) },
    ],
    series: [
      {},
      {
        label: 'Utilisation',
        stroke: colour('--util'),
        fill: colour('--util-fill'),
        width: 1.5,
        points: { show: false },
      },
      { label: 'Memory', stroke: colour('--memory'), width: 2, points: { show: false } },
      {
        label: 'Power',
        stroke: colour('--power'),
        width: 1.5,
        dash: [5, 3],
        points: { show: false },
      },
    ],
    hooks: { setCursor: [(self) => onRead(self.cursor.idx ?? null)] },
  };
}

function timeOfDay(seconds: number): string {
  const text = clockTime(1000 * seconds);
  return text.endsWith(':00') ? text.slice(0, 5) : text;
}
