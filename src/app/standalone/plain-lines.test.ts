import { describe, expect, it } from 'vitest';
import { lost, sampleView, stalled } from '../../../test/support/exposition/sample-view.ts';
import { createPlainLines } from './plain-lines.ts';

const idle = sampleView(
  1,
  { pattern: 'idle', cycle: null, jobType: 'Empty', confidence: 0.97 },
  {},
  { 'ai.centaurus.io/GPU-1-job-type': 'Empty' },
);
const readings = 'util 41 %, memory 0.0/80 GiB, 313 W, 66 °C';

describe('app/standalone/plain-lines', () => {
  it('speaks once per change, with the readings of that moment', () => {
    const lines = createPlainLines();
    const time = new Date(0);
    const watched = sampleView(1, null);
    expect(lines([watched], time)).toEqual([
      `1970-01-01T00:00:00.000Z GPU 1 NVIDIA H100: watching | ${readings}`,
    ]);
    expect(lines([{ ...watched, utilPercent: 3 }], time)).toEqual([]);
    expect(lines([idle], time)).toEqual([
      `1970-01-01T00:00:00.000Z GPU 1 NVIDIA H100: idle, 97 % | ${readings} | GPU-1-job-type=Empty`,
    ]);
    expect(lines([idle], time)).toEqual([]);
    expect(lines([sampleView(1, stalled)], time)[0]).toContain('probably a hung collective');
    expect(lines([sampleView(1, null, lost)], time)).toEqual([
      '1970-01-01T00:00:00.000Z GPU 1 NVIDIA H100: lost: gpu_lost (GPU is lost)',
    ]);
  });

  it('speaks again of a GPU that was away, and keeps nothing of one that stays away', () => {
    const lines = createPlainLines();
    const time = new Date(0);
    expect(lines([idle], time)).toHaveLength(1);
    expect(lines([], time)).toEqual([]);
    expect(lines([idle], time)).toHaveLength(1);
  });
});
