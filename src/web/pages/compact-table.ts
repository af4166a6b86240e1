import type { GpuView } from './api.ts';
import { element } from './element.ts';
import { bridged, sinceFirstSample, type GpuSeries } from './series.ts';
import { memory, unit } from './words.ts';

const width = 160;
const height = 26;

/** All GPUs as one table, a line each: for machines with eight of them. */
export function compactTable(
  gpus: readonly GpuView[],
  seriesOf: (uuid: string) => GpuSeries,
): HTMLElement {
  const heads = ['GPU', 'What it does', 'Utilisation', 'Now', 'Memory', 'Power', 'Temperature'];
  return element(
    'table',
    { class: 'compact' },
    element('caption', { class: 'visually-hidden' }, 'All GPUs'),
    element(
      'thead',
      {},
      element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head))),
    ),
    element('tbody', {}, ...gpus.map((gpu) => row(gpu, seriesOf(gpu.uuid)))),
  );
}

function row(gpu: GpuView, series: GpuSeries): HTMLElement {
  const cell = (name: string, ...children: (Node | string)[]): HTMLElement =>
    element('td', { 'data-head': name }, ...children);
  const plot = cell('Utilisation', sparkline(sinceFirstSample(series)));
  plot.classList.add('spark');
  const { memoryTotalMiB: total } = gpu;
  return element(
    'tr',
    { id: `gpu-${gpu.index}`, 'data-state': gpu.state },
    element(
      'th',
      { scope: 'row', title: `${gpu.model}, ${gpu.uuid}` },
      String(gpu.index),
      element('span', { class: 'model' }, ` ${gpu.model}`),
    ),
    element('td', { class: 'said', 'data-head': 'What it does' }, gpu.words.full),
    plot,
    cell(
      'Utilisation now',
      unit(gpu.utilPercent, (value) => `${Math.round(value)} %`),
    ),
    cell(
      'Memory',
      unit(gpu.memoryUsedMiB, (used) => memory(used, total)),
    ),
    cell(
      'Power',
      unit(gpu.powerWatts, (watts) => `${Math.round(watts)} W`),
    ),
    cell(
      'Temperature',
      unit(gpu.temperatureCelsius, (value) => `${Math.round(value)} °C`),
    ),
  );
}

/** Utilisation of the range as a small area; a gap where nothing was read. */
function sparkline(series: GpuSeries): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', areaPath(bridged(series.util, series.stepSeconds === 1 ? 4 : 0)));
  svg.append(path);
  return svg;
}

/** One area per stretch without a gap: bars side by side would show seams. */
function areaPath(values: readonly (number | null)[]): string {
  const step = width / Math.max(1, values.length);
  let path = '';
  let isOpen = false;
  for (const [at, value] of [...values, null].entries()) {
    const x = (at * step).toFixed(1);
    if (value === null) {
      if (isOpen) path += `V${height}z`;
      isOpen = false;
      continue;
    }
    const y = (height - 1 - (value / 100) * (height - 2)).toFixed(1);
    path += `${isOpen ? '' : `M${x} ${height}`}V${y}H${((at + 1) * step).toFixed(1)}`;
    isOpen = true;
  }
  return path;
}
