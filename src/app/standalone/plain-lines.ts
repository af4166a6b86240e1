import type { GpuView } from './gpu-view.ts';
import { annotationWords, verdictWords } from './verdict-words.ts';

/** For a stdout that is not a terminal: one line per GPU when what is said about it changes, nothing in between. */
export function createPlainLines(): (gpus: readonly GpuView[], time: Date) => string[] {
  const said = new Map<string, string>();
  return (gpus, time) => {
    const lines: string[] = [];
    for (const gpu of gpus) {
      const { verdict } = gpu;
      const key = JSON.stringify([
        gpu.up,
        gpu.reason,
        verdict?.pattern,
        verdict?.tentative,
        verdict?.stall,
        gpu.annotations,
      ]);
      const words = verdictWords(gpu);
      if (said.get(gpu.uuid) === key) continue;
      said.set(gpu.uuid, key);
      const annotations = annotationWords(gpu);
      lines.push(
        `${time.toISOString()} GPU ${gpu.index} ${gpu.model}: ${words}${annotations === '' ? '' : ` | ${annotations}`}`,
      );
    }
    return lines;
  };
}
