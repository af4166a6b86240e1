import { describe, expect, it } from 'vitest';
import { parseLabels } from './labels.ts';
import { cut, parseSeries, pointSample, toTrace, type Trace } from './trace.ts';

const label = parseLabels('file,pattern\nseries/a.csv,steady\n')[0]!;

function trace(text: string): Trace {
  return toTrace(label, parseSeries(text))!;
}

describe('evaluate/traces/trace', () => {
  it('reads the columns there are, cells that are no number being no samples', () => {
    const { util, power, memUsed } = parseSeries(
      't_s,note,util_gpu,power_w\n2,x,30,\n1,x,20,100\n3,x,nan,110\n4,x\n,x,9,9\n',
    );

    expect([...util!.timesSeconds]).toEqual([1, 2]);
    expect([...util!.values]).toEqual([20, 30]);
    expect([...power!.timesSeconds]).toEqual([1, 3]);
    expect(memUsed).toBeUndefined();
  });

  it.each(['', 't_s\n1\n', 'util_gpu\n1\n', 't_s,util_gpu\n1,\n'])(
    'finds no trace in %j',
    (text) => {
      expect(toTrace(label, parseSeries(text))).toBeNull();
    },
  );

  it('fits the label of the whole to the trace and measures its sampling', () => {
    expect(trace('t_s,util_gpu\n5,1\n5.5,1\n6,1\n7,1\n')).toMatchObject({
      name: 'a',
      samplingSeconds: 0.5,
      segments: [{ fromSeconds: 5, toSeconds: 7, pattern: 'steady' }],
    });
  });

  it('cuts with both ends', () => {
    const whole = trace('t_s,util_gpu,power_w\n1,10,\n2,20,\n3,30,\n4,40,99\n');
    const { channels, sampling } = cut(whole, 2, 3);

    expect([...channels.util!.values]).toEqual([20, 30]);
    expect(channels.power).toBeUndefined();
    expect(sampling).toBe('native');
  });

  it('is sampled as a scraper would: the newest value at each scrape, nothing across a hole', () => {
    const text = Array.from({ length: 40 }, (_, i) => (i < 15 || i > 30 ? `${i},${i}\n` : ''));
    const whole = trace(`t_s,util_gpu\n${text.join('')}`);
    const { channels, sampling } = pointSample(cut(whole, 0, 40), 5);

    expect(sampling).toBe('scraped');
    expect([...channels.util!.timesSeconds]).toEqual([0, 5, 10, 15, 20, 35]);
    expect([...channels.util!.values]).toEqual([0, 5, 10, 14, 14, 35]);
  });
});
