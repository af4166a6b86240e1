import { describe, expect, it } from 'vitest';
import { parseLabels } from './labels.ts';

describe('evaluate/traces/labels', () => {
  it('reads segments, job, sampling and the second period that the note tells', () => {
    const [label] = parseLabels(
      'file,repo,job,sampling_s,segments,note\r\n' +
        'series/a.csv,me/it,training,0.105,"[[21,400,""cyclic"",37.9],[400,420,""idle"",""""]]",' +
        '"second, faster period: optimiser step ~0.68 s (mean 0.66-0.69 s)"\r\n',
    );

    expect(label).toEqual({
      file: 'series/a.csv',
      repository: 'me/it',
      job: 'training',
      samplingSeconds: 0.105,
      segments: [
        { fromSeconds: 21, toSeconds: 400, pattern: 'cyclic', periodSeconds: 37.9 },
        { fromSeconds: 400, toSeconds: 420, pattern: 'idle', periodSeconds: null },
      ],
      otherPeriodsSeconds: [0.68],
    });
  });

  it.each([
    ['alloc_idle', 'alloc-idle'],
    ['Alloc idle', 'alloc-idle'],
    ['held idle', 'alloc-idle'],
    ['other', 'others'],
    ['steady', 'steady'],
  ])('takes the label %s for the class %s', (label, expected) => {
    const cell = `"[[0,9,""${label}"",""""]]"`;
    for (const { segments } of parseLabels(`file,segments,pattern\na,${cell},\nb,,${label}\n`))
      expect(segments[0]?.pattern).toBe(expected);
  });

  it('takes the pattern of the whole where no segments are given', () => {
    const labels = parseLabels(
      'file,pattern,period_s\na.csv,cyclic,38.0 then 28.8\nb.csv,idle,\nc.csv,,\n',
    );

    expect(labels.map(({ segments }) => segments)).toEqual([
      [{ fromSeconds: -Infinity, toSeconds: Infinity, pattern: 'cyclic', periodSeconds: 38 }],
      [{ fromSeconds: -Infinity, toSeconds: Infinity, pattern: 'idle', periodSeconds: null }],
      [],
    ]);
  });

  it.each([
    ['broken JSON', '"[[1,2"'],
    ['no list', '"{}"'],
    ['items of another form', '"[[1],3,[""a"",2,""idle""]]"'],
  ])('knows nothing from %s', (_what, cell) => {
    const [label] = parseLabels(`file,segments\na.csv,${cell}\n`);

    expect(label).toMatchObject({ segments: [], job: '', samplingSeconds: Number.NaN });
  });

  it('reads no row that names no file, and none from an empty table', () => {
    expect(parseLabels('file,job\n,training\n')).toEqual([]);
    expect(parseLabels('')).toEqual([]);
    expect(parseLabels('job,pattern\ntraining,idle\n')).toEqual([]);
  });
});
