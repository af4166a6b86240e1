import { describe, expect, it } from 'vitest';
import {
  heldIdle,
  lost,
  sampleView,
  stalled,
} from '../../../test/support/exposition/sample-view.ts';
import { sparkline } from './sparkline.ts';
import { tableOf } from './table.ts';

const device = { index: 0, uuid: 'GPU-0', model: 'NVIDIA A100-SXM4-80GB with a long name' };
const readings = {
  utilPercent: 97,
  memoryUsedBytes: 40 * 2 ** 30,
  memoryTotalBytes: 80 * 2 ** 30,
  powerWatts: 312.4,
  temperatureCelsius: 61,
};
const annotations = {
  'ai.centaurus.io/GPU-0-job-type': 'DLT',
  'ai.centaurus.io/gpu-profile': '{"v":1}',
};
const utilSeconds = Array.from({ length: 120 }, (_, i) => (i % 13 < 9 ? 100 : 0));
const row = { gpu: sampleView(0, {}, { device, readings }, annotations), utilSeconds };

function shown(columns: number): { head: string; line: string } {
  const { head, rows } = tableOf([row], columns);
  return { head: head.text, line: rows[0]?.text ?? '' };
}

describe('app/standalone/table', () => {
  it("shows what a terminal would act on in a model's name as text", () => {
    const model = 'H100\u001b[2J\u009b1m';
    const { rows } = tableOf([{ ...row, gpu: { ...row.gpu, model } }], 250);
    expect(rows[0]?.text).toContain(String.raw`H100\u001b[2J\u009b1m`);
    expect(rows[0]?.text).not.toMatch(/\p{Cc}/u);
  });

  it('shows the verdict with its period and what the annotation says', () => {
    const { head, line } = shown(200);
    expect(head).toContain('VERDICT');
    expect(line).toContain('cyclic 31.4 s, 93 %');
    expect(line).toContain('GPU-0-job-type=DLT');
    expect(line).not.toContain('{');
    expect(line).toContain('A100-SXM4-80GB with a long name');
  });

  it.each([20, 40, 60, 80, 100, 120, 200])('is never wider than %d columns', (columns) => {
    const { head, line } = shown(columns);
    expect(Math.max(head.length, line.length)).toBeLessThanOrEqual(columns);
  });

  it.each([80, 100, 120, 200])('has memory and power at %d columns', (columns) => {
    expect(shown(columns).line).toContain('40.0/80 GiB');
    expect(shown(columns).line).toContain('312 W');
  });

  it('gives up the model first and the verdict last', () => {
    expect(shown(80).head).not.toContain('MODEL');
    expect(shown(80).head).toContain('LAST 2 MIN');
    expect(shown(120).head).toContain('MODEL');
    for (const columns of [30, 40, 60, 80]) {
      expect(shown(columns).line).toContain('cyclic 31.4 s, 93 %');
    }
    expect(shown(40).head).toContain('UTIL');
  });

  it('has a stalled GPU first and red, then a lost one, then one that is held idle', () => {
    const gpus = [
      sampleView(0, {}),
      sampleView(1, heldIdle),
      sampleView(2, null, lost),
      sampleView(3, stalled),
    ];
    const { rows } = tableOf(
      gpus.map((gpu) => ({ gpu, utilSeconds: [] })),
      80,
    );
    expect(rows.map(({ text, tone }) => [text[0], tone])).toEqual([
      ['3', 'alarm'],
      ['2', 'alarm'],
      ['1', 'warning'],
      ['0', 'plain'],
    ]);
    expect(rows[0]?.text).toContain('STALLED 10 min');
    expect(rows[1]?.text).toContain('gpu_lost');
    expect(rows[1]?.text).toMatch(/^2 +- +- +- /);
    expect(rows[1]?.text).not.toContain('0%');
  });
});

describe('app/standalone/sparkline', () => {
  it('has the asked width, tells empty from idle', () => {
    expect(sparkline([], 5)).toBe('·····');
    expect(sparkline([0, 0, null, 100], 4)).toBe('▁▁·█');
    expect(sparkline([0, 100], 4)).toBe('▁▁██');
    expect(sparkline(row.utilSeconds, 16)).toHaveLength(16);
  });
});
