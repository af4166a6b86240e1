import { isDecisive } from './annotations.ts';
import { freshFor, isFreshSample } from './freshness.ts';
import type { NodeFacts } from './decide.ts';
import type { GpuObservation, UsageProblem } from './usage-source.ts';

/** What keeps GPUs that report from being judged. */
const causes: readonly string[] = ['not_enough_samples', 'low_coverage', 'no_utilisation'];

/** Counts GPUs that report, and those of which anything can be said, so that a fleet without a single verdict is told. */
export class JudgedGpus {
  readonly #freshMs: number;
  #reporting = 0;
  #judged = 0;

  constructor(freshMs: number) {
    this.#freshMs = freshMs;
  }

  take(seen: readonly GpuObservation[], { gpus }: NodeFacts, nowMs: number): void {
    for (const gpu of seen) {
      if (gpu.lastSampleMs === null) continue;
      const freshMs = freshFor(gpu, this.#freshMs);
      if (isFreshSample(gpu.lastSampleMs, nowMs, freshMs)) this.#reporting += 1;
    }
    // What is written holds for a while through a collector's restart and the like.
    for (const gpu of gpus) {
      const isTrusted = gpu.trustedMs !== null && nowMs - gpu.trustedMs <= this.#freshMs;
      if (isDecisive(gpu) || isTrusted) this.#judged += 1;
    }
  }

  /** Nothing where at least one is judged, or none reports. `others`: what else is wrong in this cycle. */
  problems(others: readonly UsageProblem[]): readonly UsageProblem[] {
    if (this.#reporting === 0 || this.#judged > 0) return [];
    const cause = others.find(({ code }) => causes.includes(code));
    const why = cause === undefined ? '' : `: ${cause.code}, ${cause.detail}`;
    return [
      {
        code: noGpuJudged,
        detail: `${this.#reporting} GPUs report and none of them can be judged${why}`,
        hint: cause?.hint ?? 'A GPU that is new is judged after two minutes of samples.',
      },
    ];
  }
}

export const noGpuJudged = 'no_gpu_judged';
