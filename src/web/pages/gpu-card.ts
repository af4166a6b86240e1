import type { GpuView } from './api.ts';
import { element } from './element.ts';
import { minuteTable } from './minute-table.ts';
import { createPlot } from './plot.ts';
import { mean, sinceFirstSample, type GpuSeries } from './series.ts';
import { amounts, explanation, headline } from './words.ts';

export interface GpuCard {
  readonly root: HTMLElement;
  update(gpu: GpuView, series: GpuSeries): void;
  redraw(): void;
}

/** One GPU: its name, its verdict, the numbers of now, the plot, and the same as a table and as annotations. */
export function createGpuCard(first: GpuView, simulated: boolean): GpuCard {
  const titleId = `gpu-${first.index}`;
  const badge = element('p', { class: 'badge' });
  const why = element('p', { class: 'why' });
  const facts = element('dl', { class: 'facts' });
  const reading = element('p', { class: 'reading', 'aria-live': 'polite' });
  const plotHost = element('div', { class: 'plot', tabindex: '0', role: 'img' });
  const annotations = element('pre', { tabindex: '0', 'aria-label': 'Annotations' });
  const tableHost = element('div', {});
  const tableBox = element('details', {}, element('summary', {}, 'As a table'), tableHost);
  const heading = element('h2', { id: titleId }, `GPU ${first.index}: ${first.model}`);
  if (simulated) heading.append(' ', element('span', { class: 'tag' }, 'simulated'));
  const root = element(
    'section',
    { class: 'card', 'aria-labelledby': titleId },
    heading,
    badge,
    why,
    plotHost,
    legend(),
    reading,
    facts,
    element(
      'details',
      {},
      element('summary', {}, 'What the node annotations would say'),
      annotations,
    ),
    tableBox,
  );

  let gpu = first;
  let series: GpuSeries | undefined;
  const plot = createPlot(plotHost, (index) => {
    reading.textContent = index === null || series === undefined ? '' : readingAt(series, index);
  });
  const showTable = (): void => {
    if (tableBox.open && series !== undefined) tableHost.replaceChildren(minuteTable(series));
  };
  tableBox.addEventListener('toggle', showTable);
  plotHost.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -30, PageDown: 30, Home: -600, End: 600 }[
      event.key
    ];
    if (step === undefined) return;
    event.preventDefault();
    plot.move(event.shiftKey ? 10 * step : step);
  });

  return {
    root,
    redraw: () => plot.redraw(),
    update: (next, nextSeries) => {
      gpu = next;
      series = sinceFirstSample(nextSeries);
      root.dataset['pattern'] = gpu.up ? (gpu.verdict?.pattern ?? 'insufficient') : 'down';
      setText(badge, gpu.up ? headline(gpu.verdict) : 'No readings');
      setText(why, gpu.up ? explanation(gpu.verdict) : `The GPU gives no readings: ${gpu.reason}.`);
      facts.replaceChildren(
        ...amounts(gpu).map(([name, value]) =>
          element('div', {}, element('dt', {}, name), element('dd', {}, value)),
        ),
      );
      const keys = Object.entries(gpu.annotations).map(([key, value]) => `${key}: ${value}`);
      setText(annotations, keys.length === 0 ? '(none yet)' : keys.join('\n'));
      plotHost.setAttribute('aria-label', plotLabel(gpu, series));
      plot.update(series, gpu);
      showTable();
    },
  };
}

function legend(): HTMLElement {
  const entry = (name: string, className: string): HTMLElement =>
    element(
      'li',
      {},
      element('span', { class: `swatch ${className}`, 'aria-hidden': 'true' }),
      name,
    );
  return element(
    'ul',
    { class: 'legend', 'aria-label': 'Lines of the plot' },
    entry('utilisation', 'util'),
    entry('memory in use', 'memory'),
    entry('power', 'power'),
  );
}

function plotLabel(gpu: GpuView, series: GpuSeries): string {
  const minutes = Math.max(1, Math.round(series.times.length / 60));
  const meanUtil = mean(series.util);
  const text = meanUtil === null ? 'no samples yet' : `mean utilisation ${Math.round(meanUtil)} %`;
  return `Plot of GPU ${gpu.index}, last ${minutes} minutes, ${text}. ${headline(gpu.verdict)}. Arrow keys read values.`;
}

function readingAt(series: GpuSeries, index: number): string {
  const time = series.times[index];
  if (time === undefined) return '';
  const say = (value: number | null | undefined, unit: string): string =>
    value === null || value === undefined ? 'no sample' : `${Math.round(value)} ${unit}`;
  return `${new Date(1000 * time).toLocaleTimeString()}: utilisation ${say(series.util[index], '%')}, memory ${say(series.memUsedMiB[index], 'MiB')}, power ${say(series.powerWatts[index], 'W')}`;
}

/** Only when it differs, so that a screen reader is not told the same again. */
function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
