import 'uplot/dist/uPlot.min.css';
import './main.css';
import {
  getJson,
  type GpuView,
  type HistoryView,
  type OverviewView,
  type StatesView,
} from './api.ts';
import { createAttention } from './attention.ts';
import { compactTable } from './compact-table.ts';
import { createGpuCard, type GpuCard } from './gpu-card.ts';
import { ordered } from './order.ts';
import { loadPreferences, savePreferences } from './preferences.ts';
import { emptySeries, merge, type GpuSeries } from './series.ts';
import { createStateBands } from './state-bands.ts';
import { createToolbar } from './toolbar.ts';
import { counts, gpuCount, pageTitle } from './words.ts';

const pollMs = 2_000;
/** The last bins are asked for again: samples of a driver's ring arrive seconds late. */
const refetchBins = 20;
/** Longer ranges are shown by the minute: the server keeps samples for so long. */
const samplesSeconds = 600;

const cards = new Map<string, GpuCard>();
const seriesByUuid = new Map<string, GpuSeries>();
const lastSaid = new Map<string, string>();
const showAttention = createAttention(byId('attention'));
const bands = createStateBands(byId('bands'));
let preferences = loadPreferences();
let newest: OverviewView | null = null;
/** Answers to what was asked for another range are dropped. */
let generation = 0;

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

function stepSeconds(): number {
  return preferences.rangeSeconds > samplesSeconds ? 60 : 1;
}

async function refresh(): Promise<void> {
  const asked = generation;
  const { rangeSeconds } = preferences;
  const step = stepSeconds();
  let last = 0;
  for (const series of seriesByUuid.values()) last = Math.max(last, series.times.at(-1) ?? 0);
  const from = last === 0 ? '' : `&from=${last - refetchBins * step}`;
  const [overview, history, states] = await Promise.all([
    getJson<OverviewView>('/api/v1/gpus'),
    getJson<HistoryView>(`/api/v1/history?seconds=${rangeSeconds}&step=${step}${from}`),
    getJson<StatesView>(`/api/v1/states?seconds=${rangeSeconds}`),
  ]);
  if (asked !== generation) return;
  for (const [uuid, fresh] of Object.entries(history.gpus)) {
    const kept = seriesByUuid.get(uuid) ?? emptySeries(step);
    seriesByUuid.set(uuid, merge(kept, history.startSeconds, fresh, rangeSeconds));
  }
  newest = overview;
  showSource(overview);
  showAttention(overview.gpus, overview.states);
  bands.update(states, inOrder(overview), overview.states);
  showGpus(overview);
}

function showSource(overview: OverviewView): void {
  const { source, gpus, states, node } = overview;
  byId('node').textContent = `on ${node}`;
  document.title = pageTitle(gpus, states, node);
  // Changes only with a verdict, so that the live region stays quiet otherwise.
  banner(
    'status',
    `${gpuCount(gpus.length)} by ${source.kind ?? 'no source'}: ${counts(gpus, states)}`,
  );
  const why = source.detail === '' ? '' : ` Why: ${source.detail}`;
  banner(
    'simulated',
    source.simulated ? `These GPUs are not real (${source.kind ?? ''}).${why}` : '',
  );
  banner('problem', source.up ? '' : `No readings: ${source.detail}`);
}

function inOrder({ gpus, states }: OverviewView): GpuView[] {
  return ordered(gpus, preferences.sort, states);
}

function showGpus(overview: OverviewView): void {
  const host = byId('gpus');
  const gpus = inOrder(overview);
  const seriesOf = (uuid: string): GpuSeries => seriesByUuid.get(uuid) ?? emptySeries();
  host.dataset['view'] = preferences.view;
  for (const gpu of gpus) announce(gpu);
  if (preferences.view === 'compact') {
    cards.clear();
    host.replaceChildren(compactTable(gpus, seriesOf));
    return;
  }
  const present = new Set(gpus.map((gpu) => gpu.uuid));
  for (const uuid of cards.keys()) if (!present.has(uuid)) cards.delete(uuid);
  for (const gpu of gpus) {
    if (!cards.has(gpu.uuid)) cards.set(gpu.uuid, createGpuCard(gpu, overview.source.simulated));
  }
  const roots = gpus.flatMap((gpu) => cards.get(gpu.uuid)?.root ?? []);
  // Moving a card takes the focus away from it.
  const isAsShown =
    host.children.length === roots.length && roots.every((root, at) => host.children[at] === root);
  if (!isAsShown) host.replaceChildren(...roots);
  for (const gpu of gpus) cards.get(gpu.uuid)?.update(gpu, seriesOf(gpu.uuid));
}

/** A change of what a GPU does, for those who listen; not each second of how long it has lasted. */
function announce(gpu: GpuView): void {
  const before = lastSaid.get(gpu.uuid);
  lastSaid.set(gpu.uuid, gpu.state);
  if (before !== undefined && before !== gpu.state)
    byId('changes').textContent = `GPU ${gpu.index}: ${gpu.words.full}`;
}

async function update(): Promise<void> {
  try {
    await refresh();
  } catch (error) {
    banner(
      'problem',
      `The numbers stand still: ${error instanceof Error ? error.message : String(error)}. Trying again.`,
    );
  }
}

async function poll(): Promise<void> {
  await update();
  setTimeout(() => void poll(), pollMs);
}

byId('toolbar').replaceWith(
  createToolbar(preferences, (wanted) => {
    const isOtherRange = wanted.rangeSeconds !== preferences.rangeSeconds;
    preferences = wanted;
    savePreferences(wanted);
    if (newest !== null) showGpus(newest);
    if (!isOtherRange) return;
    generation += 1;
    seriesByUuid.clear();
    void update();
  }),
);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const card of cards.values()) card.redraw();
});
void poll();
