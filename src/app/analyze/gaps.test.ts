import { describe, expect, it } from 'vitest';
import { gapsIn } from './gaps.ts';
import type { Recording } from './recording.ts';

/** Bursts of three samples with a hole of 100 s behind each. */
function inBursts(bursts: number, interruptions: Recording['interruptions'] = []): Recording {
  const timesSeconds = Float64Array.from(
    { length: 3 * bursts },
    (_, i) => i + 98 * Math.floor(i / 3),
  );
  const values = new Float64Array(timesSeconds.length);
  return {
    source: 'x.csv',
    gpu: '',
    model: null,
    usage: { channels: { util: { timesSeconds, values } }, sampling: 'scraped' },
    timeBase: 'seconds',
    interruptions,
  };
}

describe('app/analyze/gaps', () => {
  it('tells each hole once: as what the recording says of it, else as one without samples', () => {
    const lost = (fromSeconds: number, toSeconds: number | null) =>
      ({ kind: 'lost', fromSeconds, toSeconds, text: 'GPU is lost' }) as const;
    const told = [lost(305, null), lost(103, 203), lost(104, 105)];

    expect(gapsIn(inBursts(5, told)).map((gap) => [gap.kind, gap.fromSeconds])).toEqual([
      ['no-samples', 2],
      ['lost', 103],
      ['lost', 104],
      ['no-samples', 204],
      ['lost', 305],
    ]);
  });

  it('finds those of a log in a hundred thousand pieces', () => {
    expect(gapsIn(inBursts(100_000))).toHaveLength(99_999);
  });
});
