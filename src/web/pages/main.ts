import 'uplot/dist/uPlot.min.css';
import './main.css';
import { getJson, type GpuView, type HistoryView, type OverviewView } from './api.ts';
import { createGpuCard, type GpuCard } from './gpu-card.ts';
import { emptySeries, keptSeconds, merge, type GpuSeries } from './series.ts';
import { headline } from './words.ts';

const pollMs = 2_000;
/** The last bins are asked for again: samples of a driver's ring arrive seconds late. */
const refetchSeconds = 20;

const cards = new Map<string, GpuCard>();
const seriesByUuid = new Map<string, GpuSeries>();
const lastHeadline = new Map<string, string>();

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element #${id}`);
  return found;
}

function banner(id: string, text: string): void {
  const node = byId(id);
  node.hidden = text === '';
  if (node.textContent !== text) node.textContent = text;
}

async function refresh(): Promise<void> {
  let newest = 0;
  for (const series of seriesByUuid.values()) newest = Math.max(newest, series.times.at(-1) ?? 0);
  const from = newest === 0 ? '' : `&from=${newest - refetchSeconds}`;
  const [overview, history] = await Promise.all([
    getJson<OverviewView>('/api/v1/gpus'),
    getJson<HistoryView>(`/api/v1/history?seconds=${keptSeconds}${from}`),
  ]);
  for (const [uuid, fresh] of Object.entries(history.gpus)) {
    seriesByUuid.set(
      uuid,
      merge(seriesByUuid.get(uuid) ?? emptySeries(), history.startSeconds, fresh),
    );
  }
  showSource(overview);
  showGpus(overview);
}

function showSource(overview: OverviewView): void {
  const { source } = overview;
  byId('node').textContent = `on ${overview.node}`;
  const patterns = overview.gpus.map((gpu) => gpu.verdict?.pattern ?? 'watching');
  const counted = [...new Set(patterns)].map(
    (pattern) => `${patterns.filter((other) => other === pattern).length} ${pattern}`,
  );
  // Changes only with a verdict, so that the live region stays quiet otherwise.
  banner(
    'status',
    `${overview.gpus.length} GPUs by ${source.kind ?? 'no source'}: ${counted.join(', ')}`,
  );
  const why = source.detail === '' ? '' : ` Why: ${source.detail}`;
  banner(
    'simulated',
    source.simulated ? `These GPUs are not real (${source.kind ?? ''}).${why}` : '',
  );
  banner('problem', source.up ? '' : `No readings: ${source.detail}`);
}

function showGpus(overview: OverviewView): void {
  const host = byId('gpus');
  const present = new Set(overview.gpus.map((gpu) => gpu.uuid));
  for (const [uuid, card] of cards) {
    if (present.has(uuid)) continue;
    card.root.remove();
    cards.delete(uuid);
  }
  for (const gpu of overview.gpus) {
    let card = cards.get(gpu.uuid);
    if (card === undefined) {
      card = createGpuCard(gpu, overview.source.simulated);
      cards.set(gpu.uuid, card);
      host.append(card.root);
    }
    card.update(gpu, seriesByUuid.get(gpu.uuid) ?? emptySeries());
    announce(gpu);
  }
}

function announce(gpu: GpuView): void {
  const now = headline(gpu.verdict);
  const before = lastHeadline.get(gpu.uuid);
  lastHeadline.set(gpu.uuid, now);
  if (before !== undefined && before !== now)
    byId('changes').textContent = `GPU ${gpu.index}: ${now}`;
}

async function poll(): Promise<void> {
  try {
    await refresh();
  } catch (error) {
    banner(
      'problem',
      `The numbers stand still: ${error instanceof Error ? error.message : String(error)}. Trying again.`,
    );
  }
  setTimeout(() => void poll(), pollMs);
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const card of cards.values()) card.redraw();
});
void poll();
