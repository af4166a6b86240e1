import { describe, expect, it } from 'vitest';
import type { UsageChannel, UsageSeries } from '../../analysis/verdict.ts';
import { judge } from './judge.ts';
import type { Recording } from './recording.ts';
import { reportArticle } from './report.ts';
import { judgedAsJson } from './json-output.ts';
import { judgedAsText, judgedAsWideText } from './text-output.ts';
import { wholeOf } from './whole.ts';

const breathe = async (): Promise<void> => {};

/** Samples each second; null: none. */
function series(seconds: number, valueAt: (second: number) => number | null): UsageSeries {
  const samples = Array.from({ length: seconds }, (_, i) => [i, valueAt(i)] as const).filter(
    (sample): sample is readonly [number, number] => sample[1] !== null,
  );
  return {
    timesSeconds: Float64Array.from(samples, ([time]) => time),
    values: Float64Array.from(samples, ([, value]) => value),
  };
}

function recording(
  channels: Partial<Record<UsageChannel, UsageSeries>>,
  interruptions: Recording['interruptions'] = [],
): Recording {
  const usage = { channels, sampling: 'scraped' } as const;
  return { source: 'a.csv', gpu: '', model: null, usage, timeBase: 'seconds', interruptions };
}

/** Twelve seconds of work in twenty for 900 s, then nothing. */
const trains = (second: number): number => (second < 900 && second % 20 < 12 ? 95 : 0);

describe('app/analyze/whole', () => {
  it('tells shares, period, utilisation and energy of the whole, not of the end', async () => {
    const util = series(1_200, trains);
    const power = series(1_200, (second) => (trains(second) > 0 ? 300 : 100));
    const { whole, end } = (await judge(recording({ util, power }), breathe))!;
    const [first, second] = whole.states;

    expect(end.verdict.pattern).toBe('idle');
    expect(first).toMatchObject({ pattern: 'cyclic', stall: false });
    expect(first!.share).toBeGreaterThan(0.7);
    expect(first!.share).toBeLessThan(0.8);
    expect(second!.pattern).toBe('idle');
    expect(whole.states.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(whole.periods).toMatchObject([
      { periodSeconds: expect.closeTo(20, 0), isApparent: true },
    ]);
    expect(whole.utilMeanPercent).toBeCloseTo(0.6 * 0.75 * 95, 0);
    expect(whole.utilP95Percent).toBe(95);
    // 100 W always, 200 W more while it works.
    expect(whole.energyJoules! / 1_200).toBeCloseTo(100 + 200 * 0.6 * 0.75, 0);
    expect(whole.heldIdle).toBeNull();
  });

  it('has no state of a few milliseconds before one that is dated back', async () => {
    const usage = { channels: { util: series(900, trains) }, sampling: 'scraped' } as const;
    const covered = [{ fromSeconds: 0, toSeconds: 899 }];
    const judged = (await judge(recording(usage.channels), breathe))!;
    const [first, last] = [judged.timeline[0]!, judged.timeline.at(-1)!];
    const cycle = { ...last.published.cycle!, periodSeconds: (last.fromSeconds - 0.003) / 4 };
    const said = [first, { ...last, published: { ...last.published, cycle } }];
    const whole = wholeOf({ usage, said, covered, end: judged.end.verdict });

    expect(first.published.pattern).not.toBe('cyclic');
    expect(whole.states).toEqual([{ pattern: 'cyclic', stall: false, seconds: 899, share: 1 }]);
  });

  it('counts the hours in which memory was held without use', async () => {
    const util = series(1_200, () => 0);
    const memUsed = series(1_200, () => 40_960);
    const judged = (await judge(recording({ util, memUsed }), breathe))!;

    expect(judged.whole.heldIdle).toMatchObject({ gpuHours: expect.closeTo(1_199 / 3_600, 6) });
    expect(judgedAsText([judged], 80)).toContain('held idle    0.33 GPU hours, 40.0 GiB');
  });

  it('leaves out a time without samples, and says so', async () => {
    const util = series(1_200, (second) => (second > 300 && second < 900 ? null : 50));
    const { whole, gaps, timeline } = (await judge(recording({ util }), breathe))!;

    expect(gaps).toEqual([{ kind: 'no-samples', fromSeconds: 300, toSeconds: 900, text: null }]);
    expect(whole.coveredSeconds).toBe(599);
    expect(whole.states).toMatchObject([{ pattern: 'steady', share: 1 }]);
    for (const { fromSeconds, toSeconds } of timeline) {
      expect(toSeconds <= 300 || fromSeconds >= 900).toBe(true);
    }
  });

  it('shows a lost GPU in time', async () => {
    const util = series(700, (second) => (second > 300 && second < 600 ? null : 50));
    const lost = { kind: 'lost', fromSeconds: 300, toSeconds: 600, text: 'GPU is lost' } as const;
    const gone = { ...lost, fromSeconds: 699, toSeconds: null };
    const judged = (await judge(recording({ util }, [lost, gone]), breathe))!;
    const text = judgedAsText([judged], 100);

    expect(judged.gaps).toEqual([lost, gone]);
    const json = JSON.parse(judgedAsJson([judged], { troubles: [], remarks: [] })) as {
      gpus: { endsWithout: unknown }[];
    };
    expect(json.gpus[0]?.endsWithout).toEqual({ kind: 'lost', sinceSeconds: 699 });
    expect(text).toContain('GPU lost     from 5 min after the start for 5 min: GPU is lost;');
    expect(text).toMatch(/ {4}5 min after the start +GPU lost, for 5 min/);
    expect(text).toMatch(/ {4}11\.7 min after the start +GPU lost, to the end/);
    expect(text).toMatch(
      /At the end\n +pattern +GPU lost, since 11\.7 min after the start; before that steady/,
    );
    expect(text).not.toContain('next 2 min');
    expect(judgedAsText([judged, judged], 100)).toMatch(
      /^RECORDING.*\n.* GPU lost .*\n.* GPU lost /,
    );
    expect(judgedAsWideText([judged])).toMatch(/ GPU lost /);
    expect(reportArticle(judged, 0)).toContain('At the end: GPU lost since');
    expect(reportArticle(judged, 0)).not.toContain('As a node would be annotated');
  });
});
