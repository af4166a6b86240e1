import { describe, expect, it } from 'vitest';
import { gpuObservation } from '../../test/support/controller/gpu-observation.ts';
import type { PublishedVerdict } from '../analysis/verdict.ts';
import type { GpuFacts } from './gpu-facts.ts';
import { JudgedGpus } from './judged-gpus.ts';
import type { UsageProblem } from './usage-source.ts';

const nowMs = 1_800_000_000_000;
const verdict = { pattern: 'steady', jobType: 'Others' } as PublishedVerdict;

function problems(
  gpus: readonly { lastSampleMs: number | null; verdict?: PublishedVerdict; trustedMs?: number }[],
  others: readonly UsageProblem[] = [],
): readonly UsageProblem[] {
  const judged = new JudgedGpus(180_000);
  const seen = gpus.map(({ lastSampleMs }) => gpuObservation({ usage: null, lastSampleMs }));
  const facts = gpus.map(
    ({ verdict: said = null, trustedMs = nowMs - 600_000 }, index): GpuFacts => {
      return { ...seen[index]!, instances: [], verdict: said, trustedMs };
    },
  );
  judged.take(seen, { gpus: facts, absent: [], complete: true }, nowMs);
  return judged.problems(others);
}

describe('controller/judged-gpus', () => {
  it('says when GPUs report and none can be judged, with the cause', () => {
    const cause = { code: 'not_enough_samples', detail: '12 samples', hint: 'Scrape more.' };
    const other = { code: 'clock_skew', detail: 'later' };
    const silent = { lastSampleMs: nowMs - 10_000 };
    expect(problems([silent, silent], [other, cause])).toEqual([
      {
        code: 'no_gpu_judged',
        detail: '2 GPUs report and none of them can be judged: not_enough_samples, 12 samples',
        hint: 'Scrape more.',
      },
    ]);
    expect(problems([silent])).toMatchObject([{ code: 'no_gpu_judged' }]);
  });

  it('is quiet when one is judged, when what was said still holds, and when none reports', () => {
    const silent = { lastSampleMs: nowMs - 10_000 };
    expect(problems([silent, { ...silent, verdict }])).toEqual([]);
    expect(problems([{ ...silent, trustedMs: nowMs - 60_000 }])).toEqual([]);
    expect(problems([{ lastSampleMs: nowMs - 3_600_000 }, { lastSampleMs: null }])).toEqual([]);
    expect(problems([])).toEqual([]);
  });
});
