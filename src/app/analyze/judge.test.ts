import { describe, expect, it } from 'vitest';
import {
  createDice,
  evenly,
  periodicSeries,
  type TimedSeries,
} from '../../../test/support/synthetic-series.ts';
import type { GpuUsage } from '../../analysis/verdict.ts';
import { judge } from './judge.ts';
import { judgedAsJson } from './json-output.ts';
import type { Recording } from './recording.ts';
import { reportPage } from './report.ts';
import { judgedAsText } from './text-output.ts';

const breathe = async (): Promise<void> => {};
const training = periodicSeries(
  { shape: 'square 70 %', samples: 2000, stepSeconds: 0.1, periodSeconds: 13 },
  createDice(3),
);
/** Training for 200 s, then 300 s of nothing. */
const ended = evenly(Float64Array.from([...training.values, ...Array<number>(3000).fill(0)]), 0.1);

function recording(util: TimedSeries, sampling: GpuUsage['sampling'] = 'native'): Recording {
  const usage = { channels: { util }, sampling };
  return { source: 'a <b>.csv', gpu: '', model: null, usage, timeBase: 'seconds' };
}

describe('app/analyze/judge', () => {
  it('tells the end, what was said before, and why', async () => {
    const judged = (await judge(recording(ended), breathe))!;
    const said = judged.timeline.map(({ published }) => published.pattern);

    expect(judged).toMatchObject({ startSeconds: 0, samples: 5000 });
    expect(judged.end.verdict.pattern).toBe('idle');
    expect(said).toContain('cyclic');
    expect(said.at(-1)).toBe('idle');
    expect(judged.cyclic?.verdict.cycle?.periodSeconds).toBeCloseTo(13, 0);
    expect(judged.cyclic?.evidence.some(({ outcome }) => outcome === 'cyclic')).toBe(true);
    // The stretches follow each other without holes.
    for (const [i, { fromSeconds }] of judged.timeline.slice(1).entries()) {
      expect(fromSeconds).toBe(judged.timeline[i]!.toSeconds);
    }
  });

  it('has nothing to say without samples', async () => {
    expect(await judge(recording(evenly(new Float64Array(0), 1)), breathe)).toBeNull();
  });

  it('stops when told to', async () => {
    const stop = judge(recording(ended), () => Promise.reject(new Error('stopped')));
    await expect(stop).rejects.toThrow('stopped');
  });
});

describe('app/analyze, its output', () => {
  it('is a table with one line per GPU', async () => {
    const text = judgedAsText([(await judge(recording(training), breathe))!]);
    const [head, line, ...more] = text.trimEnd().split('\n');

    expect(more).toEqual([]);
    expect(head).toMatch(/^RECORDING +GPU +SPAN +SAMPLES +PATTERN AT THE END/);
    expect(line).toMatch(/^a <b>\.csv +- +3\.33 min +2000 +cyclic, 13(\.\d)? s /);
  });

  it('is one JSON object without the arrays of numbers', async () => {
    const judged = (await judge(recording(ended), breathe))!;
    const { gpus, problems } = JSON.parse(
      judgedAsJson([judged], [{ source: 'b', message: 'bad', hint: undefined }]),
    ) as { gpus: Record<string, unknown>[]; problems: unknown[] };

    expect(problems).toEqual([{ source: 'b', message: 'bad' }]);
    expect(gpus).toMatchObject([
      {
        source: 'a <b>.csv',
        verdict: { pattern: 'idle', periodSeconds: null, cycle: null },
        lastCycle: { verdict: { pattern: 'cyclic', periodUnresolved: false } },
      },
    ]);
    expect(JSON.stringify(gpus)).not.toContain('correlation');
  });

  it('never gives a period that may be an alias, but says that it cycles', async () => {
    const judged = (await judge(recording(training, 'scraped'), breathe))!;
    const json = judgedAsJson([judged], []);

    expect(judgedAsText([judged])).toContain('cyclic, period unresolved');
    expect(JSON.parse(json)).toMatchObject({
      gpus: [{ verdict: { pattern: 'cyclic', periodSeconds: null, periodUnresolved: true } }],
    });
    expect(json).not.toMatch(/"periodSeconds":\d/);
    expect(reportPage([judged], [], '1')).toContain(
      'That it repeats is hardly chance; the period may be another.',
    );
  });
});

describe('app/analyze/report', () => {
  it('is one page that asks for nothing from elsewhere', async () => {
    const judged = (await judge(recording(ended), breathe))!;
    const page = reportPage([judged], [], '1.2.3');

    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|src=|https?:\/\//);
    expect(page).not.toContain('<b>.csv');
    expect(page).toContain('a &lt;b&gt;.csv');
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('shows the series with its cycles marked, the correlation, and what was ruled out', async () => {
    const judged = (await judge(recording(ended), breathe))!;
    const page = reportPage(
      [judged],
      [{ source: 'c', message: 'c: broken', hint: 'mend it' }],
      '1',
    );

    expect(page.match(/class="mark"/g)!.length).toBeGreaterThan(12);
    expect(page).toContain('Autocorrelation of utilisation');
    expect(page).toContain('The cycle before');
    expect(page).toContain('repeats every 13');
    expect(page).toContain('Not analysed: c: broken mend it');
  });
});
