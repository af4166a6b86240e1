import type { GpuView, StateView } from './api.ts';

/** The words of the page that do not come with the verdict: times, amounts, counts. */

/** One clock for everything on the page: 24 hours, the reader's time zone. */
export function clockTime(timeMs: number): string {
  return new Date(timeMs).toTimeString().slice(0, 8);
}

export function gibibytes(mib: number): string {
  return `${(mib / 1024).toFixed(1)} GiB`;
}

/** `40 s`, `12 min`, `3.2 h`. */
export function lasting(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** What is said of a GPU, as sentences, with since when. */
export function explanation({ words, verdict, state }: GpuView): string {
  if (verdict === null || state === 'lost') return words.explanation;
  return `${words.explanation} Since ${clockTime(verdict.sinceMs)}.`;
}

/** `1 stalled, 2 held idle, 5 cyclic`: the most urgent first. */
export function counts(gpus: readonly GpuView[], states: readonly StateView[]): string {
  return states
    .map(({ state, term }) => ({ term, count: gpus.filter((gpu) => gpu.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ term, count }) => `${count} ${term}`)
    .join(', ');
}

export function gpuCount(count: number): string {
  return `${count} ${count === 1 ? 'GPU' : 'GPUs'}`;
}

/** What stands in the tab of the browser: what needs attention, else how many GPUs there are. */
export function pageTitle(
  gpus: readonly GpuView[],
  states: readonly StateView[],
  node: string,
): string {
  const urgent = counts(
    gpus,
    states.filter(({ needsAttention }) => needsAttention),
  );
  const what = urgent === '' ? gpuCount(gpus.length) : urgent;
  return `${what} · ${node} · gpu-profiler`;
}

/** Readings of one moment, with their units. */
export function amounts(gpu: GpuView): readonly (readonly [name: string, value: string])[] {
  const { moment, memoryTotalMiB: total, powerLimitWatts: limit } = gpu;
  // Why there are none is said above; six times "not given" would hide it.
  if (!gpu.up) return [];
  return [
    ['Utilisation', unit(moment?.utilPercent, (value) => `${Math.round(value)} %`)],
    ['Memory', unit(moment?.memoryUsedMiB, (used) => memory(used, total))],
    [
      'Power',
      unit(moment?.powerWatts, (watts) =>
        limit === null
          ? `${Math.round(watts)} W`
          : `${Math.round(watts)} of ${Math.round(limit)} W`,
      ),
    ],
    ['Temperature', unit(moment?.temperatureCelsius, (value) => `${Math.round(value)} °C`)],
    ['SM clock', unit(moment?.smClockMHz, (value) => `${Math.round(value)} MHz`)],
    ['Processes', unit(gpu.processCount, String)],
    // Most machines have no kubelet, and then there is nothing to say.
    ...(gpu.heldBy === null ? [] : [['Held by', gpu.heldBy.join(', ') || 'no pod'] as const]),
  ];
}

export function memory(usedMiB: number, totalMiB: number | null): string {
  return totalMiB === null
    ? gibibytes(usedMiB)
    : `${(usedMiB / 1024).toFixed(1)} of ${(totalMiB / 1024).toFixed(0)} GiB`;
}

/** "not given" and never 0 for what the driver does not say. */
export function unit(value: number | null | undefined, text: (value: number) => string): string {
  return value === null || value === undefined ? 'not given' : text(value);
}
