import type { Clock } from '../../lib/clock.ts';
import type { SourceError } from '../../gpu/source.ts';
import type { Collector } from '../collector.ts';
import type { Frame, Output } from './output.ts';
import { isSettled, onceLimitMs } from './settled.ts';

export interface CycleLoopOptions {
  readonly collector: Pick<Collector, 'onSnapshot' | 'onVerdicts' | 'fatal'>;
  readonly output: Output;
  readonly frame: () => Frame;
  /** Before each cycle is shown. */
  readonly decide: () => void;
  /** Show one cycle, when every GPU that reports has a verdict, and stop. */
  readonly once: boolean;
  /** Stop after so long; 0: never. */
  readonly durationMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export type CycleLoopEnd =
  | { readonly why: 'stopped' | 'duration' | 'once' | 'once-without-verdict' }
  | { readonly why: 'fatal'; readonly error: SourceError };

/** Shows what is observed until told to stop, the time is over, or the one cycle is shown. */
export async function cycleLoop(options: CycleLoopOptions): Promise<CycleLoopEnd> {
  const { collector, output, frame, decide, once, durationMs, clock, signal } = options;
  const done = new AbortController();
  const both = AbortSignal.any([signal, done.signal]);
  const leave: (() => void)[] = [];
  const timeOver = async (ms: number): Promise<boolean> => {
    await clock.sleep(ms, both);
    return !both.aborted;
  };
  const ended = new Promise<CycleLoopEnd>((resolve) => {
    both.addEventListener('abort', () => resolve({ why: 'stopped' }), { once: true });
    if (signal.aborted) resolve({ why: 'stopped' });
    void collector.fatal.then((error) => resolve({ why: 'fatal', error }));
    const limitMs = once ? onceLimitMs(durationMs) : durationMs;
    if (limitMs > 0) {
      void timeOver(limitMs).then((over) => {
        if (!over) return;
        if (once) output.cycle(frame());
        resolve({ why: once ? 'once-without-verdict' : 'duration' });
      });
    }
    // Scripts learn the address from a first cycle at once, before there is any verdict.
    let introduced = once;
    leave.push(
      collector.onSnapshot(() => {
        const now = frame();
        output.tick(now);
        if (introduced || now.snapshot.source.reason === 'opening') return;
        introduced = true;
        output.cycle(now);
      }),
      collector.onVerdicts(() => {
        decide();
        const now = frame();
        if (!once) output.cycle(now);
        else if (isDecided(now)) {
          output.cycle(now);
          resolve({ why: 'once' });
        }
      }),
    );
  });
  const end = await ended;
  done.abort();
  for (const stop of leave) stop();
  return end;
}

function isDecided({ gpus, snapshot }: Frame): boolean {
  const reporting = gpus.filter((gpu) => gpu.up);
  return snapshot.source.up && reporting.length > 0 && reporting.every(isSettled);
}
