import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDice, periodicSeries } from '../../../test/support/synthetic-series.ts';
import { runJobs } from '../parallel/pool.ts';
import { readFolder } from './folder.ts';
import { traceRows } from './rows.ts';

describe('evaluate/traces/folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gpu-profiler-traces-'));
    mkdirSync(join(folder, 'series'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
  const training = (): string => {
    const options = { shape: 'square 70 %', samples: 400, stepSeconds: 0.5, periodSeconds: 10 };
    const { timesSeconds, values } = periodicSeries(options, createDice(3));
    return `t_s,util_gpu\n${[...timesSeconds].map((time, i) => `${time},${values[i]}\n`).join('')}`;
  };
  const rows = async () => {
    const jobs = readFolder(folder).map((label) => ({ kind: 'trace', folder, label }) as const);
    const all = traceRows(await runJobs(jobs, { workers: 1 }));
    return (name: string) => all.find((row) => row.name === name)!;
  };

  it('scores what a label knows', async () => {
    write('series/a.csv', training());
    write('labels.csv', 'file,job,segments\nseries/a.csv,training,"[[0,199,""cyclic"",10]]"\n');
    const row = await rows();

    expect(row('real_cyclic_right')).toMatchObject({ value: 1, denominator: 1, ok: true });
    expect(row('class_accuracy_2min')).toMatchObject({ value: 1, denominator: 1 });
    expect(row('memory_bound_broken')).toMatchObject({ value: null, ok: null });
    expect(row('skipped_memory')).toMatchObject({ value: 1, denominator: 1 });
  });

  it('tells a wrong period from a right one', async () => {
    write('series/a.csv', training());
    write('labels.csv', 'file,segments\nseries/a.csv,"[[0,199,""cyclic"",12.5]]"\n');
    const row = await rows();

    expect(row('real_cyclic_found').value).toBe(1);
    expect(row('real_cyclic_right')).toMatchObject({ value: 0, ok: false });
  });

  it('uses unlabelled series for what needs no label, and counts files without samples', async () => {
    const minutes = Array.from({ length: 600 }, (_, i) => `${i},50,${i < 400 ? 2000 : 9000}\n`);
    write('series/b.csv', `t_s,util_gpu,mem_used_mib\n${minutes.join('')}`);
    write('series/empty.csv', 't_s,util_gpu\n');
    write('labels.csv', 'file\nseries/gone.csv\n');
    const row = await rows();

    expect(row('skipped_traces')).toMatchObject({ numerator: 2, denominator: 3 });
    // Of the horizons 120-240, 240-360, 360-480 and 480-600 s the third holds the jump.
    expect(row('memory_bound_broken')).toMatchObject({ numerator: 1, denominator: 3 });
    expect(row('class_accuracy_segment').value).toBeNull();
  });

  it('says what is missing in a folder of another kind', () => {
    rmSync(join(folder, 'series'), { recursive: true });
    expect(() => readFolder(folder)).toThrow(/neither series\/\*\.csv nor labels\.csv/);
  });
});
