import type { GpuView } from './api.ts';
import { element } from './element.ts';
import { minuteTable } from './minute-table.ts';
import { createPlot } from './plot.ts';
import { mean, sinceFirstSample, type GpuSeries } from './series.ts';
import { amounts, clockTime, explanation, gibibytes, lasting } from './words.ts';

export interface GpuCard {
  readonly root: HTMLElement;
  update(gpu: GpuView, series: GpuSeries): void;
  redraw(): void;
}

/** One GPU: its name, its verdict, the numbers of now, the plot, and the same as a table and as annotations. */
export function createGpuCard(first: GpuView, simulated: boolean): GpuCard {
  const titleId = `gpu-${first.index}`;
  const said = element('span', { class: 'badge' });
  const note = element('span', { class: 'note' });
  const moment = element('p', { class: 'moment' });
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
    element('p', { class: 'said' }, said, note),
    why,
    plotHost,
    element('div', { class: 'beside' }, legend(), reading),
    moment,
    facts,
    element(
      'details',
      {},
      element('summary', {}, 'What the node annotations would say'),
      annotations,
    ),
    tableBox,
  );

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
    update: (gpu, nextSeries) => {
      series = sinceFirstSample(nextSeries);
      root.dataset['state'] = gpu.state;
      const { headline, full } = gpu.words;
      setText(said, headline);
      setText(note, full.slice(headline.length));
      setText(why, explanation(gpu));
      setText(moment, gpu.moment === null ? '' : `All at ${clockTime(gpu.moment.timeMs)}`);
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
  const length = lasting(1000 * series.stepSeconds * series.times.length);
  const meanUtil = mean(series.util);
  const text = meanUtil === null ? 'no samples yet' : `mean utilisation ${Math.round(meanUtil)} %`;
  return `Plot of GPU ${gpu.index}, last ${length}, ${text}. ${gpu.words.full}. Arrow keys read values.`;
}

function readingAt(series: GpuSeries, index: number): string {
  const time = series.times[index];
  if (time === undefined) return '';
  const say = (value: number | null | undefined, text: (value: number) => string): string =>
    value === null || value === undefined ? 'no sample' : text(value);
  const util = say(series.util[index], (value) => `${Math.round(value)} %`);
  const memory = say(series.memUsedMiB[index], gibibytes);
  const power = say(series.powerWatts[index], (value) => `${Math.round(value)} W`);
  return `${clockTime(1000 * time)}: utilisation ${util}, memory ${memory}, power ${power}`;
}

/** Only when it differs, so that a screen reader is not told the same again. */
function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
