import type { GpuView, SpanView, StatesView, StateView } from './api.ts';
import { element } from './element.ts';
import { clockTime, lasting } from './words.ts';

export interface StateBands {
  update(history: StatesView, gpus: readonly GpuView[], states: readonly StateView[]): void;
}

/** The first minutes do not look like a whole day, ms. */
const shortestMs = 120_000;

/** One band per GPU: what was said about it over time. Arrow keys read its stretches. */
export function createStateBands(host: HTMLElement): StateBands {
  const rows = element('div', { class: 'bands' });
  const legend = element('ul', { class: 'legend', 'aria-label': 'Colours of the bands' });
  const axis = element('div', { class: 'band-axis', 'aria-hidden': 'true' });
  const reading = element('p', { class: 'reading', 'aria-live': 'polite' });
  const heading = element('h2', {}, 'Patterns over time');
  host.replaceChildren(element('div', { class: 'beside' }, heading, reading), rows, axis, legend);
  const bands = new Map<string, Band>();

  return {
    update: (history, gpus, states) => {
      const { fromMs, toMs } = windowOf(history);
      const term = (state: string): string =>
        states.find((known) => known.state === state)?.term ?? state;
      for (const [uuid, { root }] of bands) {
        if (gpus.some((gpu) => gpu.uuid === uuid)) continue;
        root.remove();
        bands.delete(uuid);
      }
      for (const gpu of gpus) {
        const band = bands.get(gpu.uuid) ?? createBand((text) => (reading.textContent = text));
        bands.set(gpu.uuid, band);
        band.update(gpu, { spans: history.gpus[gpu.uuid] ?? [], fromMs, toMs, term });
      }
      const roots = gpus.flatMap((gpu) => bands.get(gpu.uuid)?.root ?? []);
      // Moving a node takes the focus away from it.
      if (roots.some((root, at) => rows.children[at] !== root)) rows.replaceChildren(...roots);
      // Seconds matter within minutes only.
      const digits = toMs - fromMs < 900_000 ? 8 : 5;
      const middle = (fromMs + toMs) / 2;
      axis.replaceChildren(
        ...[fromMs, middle, toMs].map((time) =>
          element('span', {}, clockTime(time).slice(0, digits)),
        ),
      );
      showLegend(legend, history, states);
    },
  };
}

/** From the first that is known within the range, two minutes at least. */
function windowOf({ fromMs, toMs, gpus }: StatesView): { fromMs: number; toMs: number } {
  const firsts = Object.values(gpus).flatMap((spans) => spans[0]?.fromMs ?? []);
  return { fromMs: Math.max(fromMs, Math.min(...firsts, toMs - shortestMs)), toMs };
}

function showLegend(host: HTMLElement, { gpus }: StatesView, states: readonly StateView[]): void {
  const seen = new Set(Object.values(gpus).flatMap((spans) => spans.map(({ state }) => state)));
  const entries = states.filter(({ state }) => seen.has(state));
  const text = entries.map(({ state }) => state).join(' ');
  if (host.dataset['shown'] === text) return;
  host.dataset['shown'] = text;
  host.replaceChildren(
    ...entries.map(({ state, term }) =>
      element(
        'li',
        {},
        element('span', { class: 'patch', 'data-state': state, 'aria-hidden': 'true' }),
        term,
      ),
    ),
  );
}

interface BandContent {
  readonly spans: readonly SpanView[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly term: (state: string) => string;
}

interface Band {
  readonly root: HTMLElement;
  update(gpu: GpuView, content: BandContent): void;
}

function createBand(onRead: (text: string) => void): Band {
  const name = element('a', { class: 'band-name' });
  const track = element('div', { class: 'band', tabindex: '0', role: 'img' });
  const root = element('div', { class: 'band-row' }, name, track);
  let texts: string[] = [];
  let at = 0;
  const read = (): void => onRead(texts[at] ?? '');
  track.addEventListener('keydown', (event) => {
    const last = texts.length - 1;
    const target = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    at = Math.min(last, Math.max(0, target));
    read();
  });
  track.addEventListener('focus', () => {
    at = texts.length - 1;
    read();
  });
  return {
    root,
    update: (gpu, { spans, fromMs, toMs, term }) => {
      name.textContent = `GPU ${gpu.index}`;
      name.setAttribute('href', `#gpu-${gpu.index}`);
      texts = spans.map(
        (span) =>
          `GPU ${gpu.index}: ${term(span.state)} from ${clockTime(span.fromMs)} to ${clockTime(span.toMs)}, ${lasting(span.toMs - span.fromMs)}`,
      );
      const whole = toMs - fromMs;
      track.replaceChildren(
        ...spans.map((span, index) => {
          const left = (100 * (span.fromMs - fromMs)) / whole;
          const width = (100 * (span.toMs - span.fromMs)) / whole;
          const stretch = element('span', {
            'data-state': span.state,
            title: texts[index] ?? '',
          });
          stretch.style.left = `${left}%`;
          stretch.style.width = `${width}%`;
          // Not by colour alone, wherever there is room for the word.
          if (width > 14) stretch.textContent = term(span.state);
          return stretch;
        }),
      );
      track.setAttribute('aria-label', bandLabel(gpu, spans, term));
    },
  };
}

function bandLabel(
  gpu: GpuView,
  spans: readonly SpanView[],
  term: (state: string) => string,
): string {
  const totals = new Map<string, number>();
  for (const { state, fromMs, toMs } of spans) {
    totals.set(state, (totals.get(state) ?? 0) + toMs - fromMs);
  }
  const parts = [...totals].map(([state, ms]) => `${term(state)} ${lasting(ms)}`);
  return `Patterns of GPU ${gpu.index}: ${parts.join(', ') || 'nothing yet'}. Arrow keys read the stretches.`;
}
