import { annotationWords } from './annotation-words.ts';
import type { GpuView } from './gpu-view.ts';
import { readingsWords } from './readings-words.ts';

/** For a stdout that is not a terminal: one line per GPU when what is said about it changes, nothing in between. */
export function createPlainLines(): (gpus: readonly GpuView[], time: Date) => string[] {
  const said = new Map<string, string>();
  return (gpus, time) => {
    const lines: string[] = [];
    const uuids = new Set(gpus.map(({ uuid }) => uuid));
    for (const uuid of said.keys()) if (!uuids.has(uuid)) said.delete(uuid);
    for (const gpu of gpus) {
      const { verdict } = gpu;
      const key = JSON.stringify([
        gpu.up,
        gpu.reason,
        gpu.state,
        verdict?.pattern,
        verdict?.tentative,
        gpu.annotations,
      ]);
      if (said.get(gpu.uuid) === key) continue;
      said.set(gpu.uuid, key);
      const parts = [sentence(gpu), readingsWords(gpu), annotationWords(gpu)];
      lines.push(
        `${time.toISOString()} GPU ${gpu.index} ${gpu.model}: ${parts.filter((part) => part !== '').join(' | ')}`,
      );
    }
    return lines;
  };
}

/** A stall is told with what it means: whoever reads a log of lines has nothing else. */
function sentence({ state, words }: GpuView): string {
  return state === 'stalled' ? `${words.short}: ${words.note}` : words.short;
}
