import type { TextOutput } from '../app-context.ts';
import type { GpuView } from './gpu-view.ts';
import { isSettled, onceLimitMs } from './settled.ts';

export interface OnceProgress {
  /** Each second. */
  tick(gpus: readonly GpuView[]): void;
  /** Writes a line of the log without running it into the progress. */
  log(line: string): void;
  end(): void;
}

/**
 * What `--once` waits for, on stderr, so that a minute of silence does not look like a hang: a line at the start, and on
 * a terminal one that counts in place.
 */
export function createOnceProgress(
  stderr: TextOutput,
  durationMs: number,
  elapsedMs: () => number,
): OnceProgress {
  const limitSeconds = Math.round(onceLimitMs(durationMs) / 1000);
  let isShown = false;
  const clear = (): void => {
    if (isShown) stderr.write('\r\u001b[K');
    isShown = false;
  };
  stderr.write(
    `Waiting for a lasting verdict on every GPU: about a minute, ${limitSeconds} s at most.\n`,
  );
  return {
    tick: (gpus) => {
      if (!stderr.isTTY) return;
      clear();
      const reporting = gpus.filter((gpu) => gpu.up);
      const waiting = reporting.filter((gpu) => !isSettled(gpu)).map((gpu) => gpu.index);
      const done = reporting.length - waiting.length;
      const seconds = Math.round(elapsedMs() / 1000);
      const which = waiting.length === 0 ? '' : `, waiting for GPU ${waiting.join(', ')}`;
      const text = `${seconds} of ${limitSeconds} s: ${done} of ${reporting.length} GPUs decided${which}`;
      stderr.write(text.slice(0, Math.max(1, stderr.columns - 1)));
      isShown = true;
    },
    log: (line) => {
      clear();
      stderr.write(line);
    },
    end: clear,
  };
}
