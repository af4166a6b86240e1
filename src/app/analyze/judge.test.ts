import { describe, expect, it } from 'vitest';
import {
  createDice,
  evenly,
  periodicSeries,
  type TimedSeries,
} from '../../../test/support/synthetic-series.ts';
import type { GpuUsage } from '../../analysis/verdict.ts';
import { judge, type Judged } from './judge.ts';
import { judgedAsJson } from './json-output.ts';
import type { Recording } from './recording.ts';
import { reportArticle, reportPage } from './report.ts';
import { judgedAsText, judgedAsWideText } from './text-output.ts';

const breathe = async (): Promise<void> => {};
const training = periodicSeries(
  { shape: 'square 70 %', samples: 2000, stepSeconds: 0.1, periodSeconds: 13 },
  createDice(3),
);
/** Training for 200 s, then 300 s of nothing. */
const ended = evenly(Float64Array.from([...training.values, ...Array<number>(3000).fill(0)]), 0.1);

function recording(util: TimedSeries, sampling: GpuUsage['sampling'] = 'native'): Recording {
  const usage = { channels: { util }, sampling };
  return {
    source: 'logs/a <b>.csv',
    gpu: '',
    model: null,
    usage,
    timeBase: 'seconds',
    interruptions: [],
  };
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

  it('draws holes that cannot be told apart once', async () => {
    const values = new Float64Array(30_000).fill(50);
    const timesSeconds = values.map((_, i) => i + 98 * Math.floor(i / 3));
    const article = reportArticle((await judge(recording({ timesSeconds, values }), breathe))!, 0);

    expect(article.split('gap-no-samples').length).toBeLessThan(500);
    expect(article.split('gap-no-samples').length).toBeGreaterThan(50);
  });

  it.each([
    ['one piece', (second: number) => second],
    ['a thousand pieces', (second: number) => second + 600 * Math.floor(second / 10)],
  ])('looks at a long recording in %s no oftener than 240 times', async (_how, at) => {
    const values = new Float64Array(10_000).fill(50);
    let looks = 0;
    const count = async (): Promise<void> => void (looks += 1);
    await judge(recording({ timesSeconds: values.map((_, i) => at(i)), values }), count);

    expect(looks).toBeGreaterThanOrEqual(100);
    expect(looks).toBeLessThanOrEqual(240);
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
  const nothingTold = { troubles: [], remarks: [] };

  it('is one JSON object without the arrays of numbers', async () => {
    const judged = (await judge(recording(ended), breathe))!;
    const troubles = [{ source: 'b', message: 'bad', hint: undefined }];
    const remarks = [{ source: 'b', line: 7, message: 'left out' }];
    const { gpus, problems, notes } = JSON.parse(judgedAsJson([judged], { troubles, remarks })) as {
      gpus: Record<string, unknown>[];
      problems: unknown[];
      notes: unknown[];
    };

    expect(problems).toEqual([{ source: 'b', message: 'bad' }]);
    expect(notes).toEqual(remarks);
    expect(gpus).toMatchObject([
      {
        source: 'logs/a <b>.csv',
        verdict: { pattern: 'idle', periodSeconds: null, apparentPeriodSeconds: null, cycle: null },
        lastCycle: { verdict: { pattern: 'cyclic', periodUnresolved: false } },
        whole: {
          coveredSeconds: expect.closeTo(500, 0),
          periods: [{ apparentPeriodSeconds: null }],
        },
      },
    ]);
    expect(JSON.stringify(gpus)).not.toContain('correlation');
  });

  it('shows a period that may be an alias as apparent, and never as the period', async () => {
    const judged = (await judge(recording(training, 'scraped'), breathe))!;
    const json = judgedAsJson([judged], nothingTold);
    const shown = judgedAsText([judged, judged], 100);

    expect(shown).toContain('~13 s?');
    expect(shown.replace(/\s+/g, ' ')).toContain(
      'about 13 s (apparent: a faster cycle could look the same)',
    );
    expect(judgedAsWideText([judged])).toContain('cyclic, ~13 s?');
    expect(JSON.parse(json)).toMatchObject({
      gpus: [
        {
          verdict: {
            pattern: 'cyclic',
            periodSeconds: null,
            apparentPeriodSeconds: expect.closeTo(13, 0),
            periodUnresolved: true,
          },
          whole: {
            periods: [{ periodSeconds: null, apparentPeriodSeconds: expect.closeTo(13, 0) }],
          },
        },
      ],
    });
    expect(json).not.toMatch(/"periodSeconds":\d/);
    expect(pageOf(judged)).toContain(
      'That it repeats is hardly chance; the period may be another.',
    );
  });
});

function pageOf(...all: readonly Judged[]): string {
  const articles = all.map(reportArticle);
  return reportPage({ all, articles, troubles: [], remarks: [], version: '1.2.3' });
}

describe('app/analyze/report', () => {
  it('is one page that asks for nothing from elsewhere', async () => {
    const judged = (await judge(recording(ended), breathe))!;
    const page = pageOf(judged, judged);

    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|src=|https?:\/\//);
    expect(page).not.toContain('<b>.csv');
    expect(page).toContain('a &lt;b&gt;.csv');
    expect(page).not.toContain('logs/');
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('shows the series with its cycles marked, the correlation, and, folded, what was ruled out', async () => {
    const judged = (await judge(recording(ended), breathe))!;
    const page = reportPage({
      all: [judged],
      articles: [reportArticle(judged, 0)],
      troubles: [{ source: 'c', message: 'c: broken', hint: 'mend it' }],
      remarks: [{ source: 'x/c.csv', line: 3, message: 'left out: "<oops>"' }],
      version: '1',
    });

    expect(page.match(/class="mark"/g)!.length).toBeGreaterThan(12);
    expect(page).toContain('Autocorrelation of utilisation');
    expect(page).toContain('The cycle before');
    expect(page).toMatch(
      /<details class="folded"><summary>What was looked at: 1 cyclic, \d+ ruled out[^]*repeats every 13/,
    );
    expect(page).toContain('Not analysed: c: broken mend it');
    expect(page).toContain('<li>c.csv, line 3: left out: &quot;&lt;oops&gt;&quot;</li>');
  });

  it('begins with all recordings together and an index that leads to each', async () => {
    const judged = (await judge(recording(ended), breathe))!;
    const page = pageOf(judged, judged);

    expect(page).toContain('2 GPUs, 16.7 min of recordings');
    expect(page.match(/<a href="#gpu-2">/g)).toHaveLength(1);
    expect(page.match(/<article id="gpu-2">/g)).toHaveLength(1);
    expect(page.indexOf('class="index"')).toBeLessThan(page.indexOf('<article'));
    expect(pageOf(judged)).not.toContain('class="index"');
  });
});
