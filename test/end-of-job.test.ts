import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseSeries } from '../bench/evaluate/traces/trace.ts';
import { judge } from '../src/app/analyze/judge.ts';

const file = fileURLToPath(
  new URL('../../shared/traces/series/titanx_gpt_2025-12-04-01-22-31_gpu0.csv', import.meta.url),
);
const hasTrace = existsSync(file);
const why = hasTrace ? '' : ' (skipped: no recorded traces beside this checkout)';

/** The job ends at 150 s, the recording at 212 s; its cycle takes 13.2 s, so 40 s later nothing may be cyclic. */
describe.skipIf(!hasTrace)(`the end of a recorded job${why}`, () => {
  it('is seen within three periods, and is no training at the end', async () => {
    const channels = parseSeries(readFileSync(file, 'utf8'));
    const judged = await judge(
      {
        source: file,
        gpu: '',
        model: null,
        timeBase: 'seconds',
        interruptions: [],
        usage: { channels, sampling: 'native' },
      },
      () => Promise.resolve(),
    );
    expect(judged?.end.verdict).toMatchObject({ pattern: 'idle', cycle: null });
    const { timeline } = judged!;
    expect(timeline.at(-1)?.published).toMatchObject({ pattern: 'idle', jobType: 'Empty' });
    const cyclic = timeline.filter(({ published }) => published.pattern === 'cyclic');
    expect(cyclic).not.toEqual([]);
    expect(Math.max(...cyclic.map(({ toSeconds }) => toSeconds))).toBeLessThanOrEqual(190);
  });
});
