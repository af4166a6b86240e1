import { describe, expect, it } from 'vitest';
import {
  createDice,
  evenly,
  periodicSeries,
  type TimedSeries,
} from '../../../test/support/synthetic-series.ts';
import { judge, type Judged } from './judge.ts';
import { judgedAsText, judgedAsWideText } from './text-output.ts';
import { marginText, secondsText, stateName } from './words.ts';

const training = periodicSeries(
  { shape: 'square 70 %', samples: 2000, stepSeconds: 0.1, periodSeconds: 13 },
  createDice(3),
);
const ended = evenly(Float64Array.from([...training.values, ...Array<number>(3000).fill(0)]), 0.1);

async function judged(source: string, util: TimedSeries, gpu = ''): Promise<Judged> {
  const usage = { channels: { util, power: util }, sampling: 'native' } as const;
  const recording = {
    source,
    gpu,
    model: 'NVIDIA H100 80GB HBM3',
    usage,
    timeBase: 'unix',
    interruptions: [],
  } as const;
  return (await judge(recording, async () => {}))!;
}

const long = 'recordings/of/the/whole/cluster/gpu-node-17.example.com_2026-01-31T23-59-59.csv';

describe('app/analyze/text-output', () => {
  it.each([40, 80, 100, 120])(
    'fits a terminal of %d columns, what matters first',
    async (columns) => {
      const all = [await judged(long, training, '0'), await judged('b.csv', ended, '1')];
      const text = judgedAsText(all, columns);
      const [head, first] = text.split('\n');

      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
      expect(head).toMatch(/^RECORDING +GPU/);
      if (columns < 80) return;
      expect(head).toMatch(/MOSTLY +PERIOD +UTIL.* AT THE END/);
      expect(first).toMatch(/^gpu-node.*\.csv +0 .* cyclic 100 % +13 s /);
      expect(head?.includes('ENERGY')).toBe(columns >= 100);
      expect(head?.includes('HELD IDLE')).toBe(columns >= 100);
    },
  );

  it('begins with one line per GPU where there are several, and then tells each', async () => {
    const one = await judged('b.csv', ended);
    const text = judgedAsText([one, one], 100);

    expect(text.match(/^ {2}Whole recording$/gm)).toHaveLength(2);
    expect(text.indexOf('Whole recording')).toBeLessThan(text.indexOf('At the end'));
    expect(judgedAsText([one], 100)).toMatch(/^b\.csv, NVIDIA H100/);
    expect(judgedAsText([one], 100)).toMatch(
      /patterns +idle 60 % .*, cyclic 40 % .*\n +periods +13 s ± .* of the time/,
    );
  });

  it('takes a terminal that does not say how wide it is for one of 80 columns', async () => {
    const one = await judged('b.csv', ended);
    expect(judgedAsText([one], 0)).toBe(judgedAsText([one], 80));
  });

  it('shows everything in one line when asked to', async () => {
    const [head, line, ...more] = judgedAsWideText([await judged(long, training)]).split('\n');

    expect(more).toEqual(['']);
    for (const heading of [
      'SPAN',
      'P95',
      'ENERGY',
      'SAMPLES',
      'HELD IDLE',
      'PATTERN AT THE END',
      'CYCLES',
      'MEMORY BOUND',
      'OVER TIME',
    ]) {
      expect(head).toContain(heading);
    }
    expect(line).toContain('gpu-node-17.example.com_2026-01-31T23-59-59.csv');
    expect(line).toMatch(/cyclic, 13(\.\d)? s ± /);
  });

  it('obeys nothing that stands in a name', async () => {
    expect(judgedAsText([await judged('a\u001b[2J.csv', training)], 80)).not.toContain('\u001b');
  });

  it('never says that a margin or a period is nothing', () => {
    expect([0, 1e-9, 0.012, 0.4, 3.21, 200, Number.NaN].map(marginText)).toEqual([
      ' ± < 0.001 s',
      ' ± < 0.001 s',
      ' ± 0.012 s',
      ' ± 0.4 s',
      ' ± 3.2 s',
      ' ± 3.33 min',
      '',
    ]);
    expect(secondsText(0.004)).toBe('0.004 s');
  });

  it('has words of its own for a GPU that is held, and one that is stalled', () => {
    expect(stateName({ pattern: 'alloc-idle', stall: false })).toBe('held idle');
    expect(stateName({ pattern: 'steady', stall: true })).toBe('stalled');
  });
});
