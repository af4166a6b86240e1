import { describe, expect, it } from 'vitest';
import { AnalysisPace } from './analysis-pace.ts';

/** Rounds every ten seconds up to `untilMs`; returns when the GPU was looked at. */
function play(pace: AnalysisPace, untilMs: number, agrees: (nowMs: number) => boolean): number[] {
  const looked: number[] = [];
  for (let nowMs = 0; nowMs <= untilMs; nowMs += 10_000) {
    // Rounds are a little late now and then.
    const atMs = nowMs + (nowMs % 3) * 40;
    if (!pace.isDue('GPU-a', atMs)) continue;
    pace.looked('GPU-a', atMs, agrees(nowMs));
    looked.push(nowMs / 1000);
  }
  return looked;
}

describe('app/collector/analysis-pace', () => {
  it('looks in every round for two minutes, then every 30 s', () => {
    const looked = play(new AnalysisPace(10_000), 240_000, () => true);
    expect(looked).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 140, 170, 200, 230]);
  });

  it('looks in every round again as soon as one disagrees', () => {
    const looked = play(new AnalysisPace(10_000), 260_000, (nowMs) => nowMs < 170_000);
    const doubted = looked.find((at) => at >= 170) ?? 0;
    expect(looked.filter((at) => at >= doubted)).toEqual(
      Array.from({ length: (260 - doubted) / 10 + 1 }, (_, i) => doubted + 10 * i),
    );
  });

  it('never rests where rounds are rarer than that', () => {
    const pace = new AnalysisPace(60_000);
    for (let nowMs = 0; nowMs < 600_000; nowMs += 60_000) {
      expect(pace.isDue('GPU-a', nowMs)).toBe(true);
      pace.looked('GPU-a', nowMs, true);
    }
  });

  it('begins anew with a GPU that was down', () => {
    const pace = new AnalysisPace(10_000);
    play(pace, 150_000, () => true);
    expect(pace.isDue('GPU-a', 151_000)).toBe(false);
    pace.forget('GPU-a');
    expect(pace.isDue('GPU-a', 151_000)).toBe(true);
  });
});
