import { describe, expect, it } from 'vitest';
import { gpuName, shortNames } from './short-names.ts';

describe('app/analyze/short-names', () => {
  it('are the names of the files, with as many folders as tell them apart', () => {
    const sources = [
      '/x/a/gpu.csv',
      '/x/b/gpu.csv',
      '/y/b/gpu.csv',
      '/x/a/other.csv',
      'http://p:9090/q',
    ];

    expect([...shortNames(sources).values()]).toEqual([
      'a/gpu.csv',
      'x/b/gpu.csv',
      'y/b/gpu.csv',
      'other.csv',
      'http://p:9090/q',
    ]);
    expect(shortNames(['/x/gpu.csv', '/x/gpu.csv']).get('/x/gpu.csv')).toBe('gpu.csv');
  });

  it('call a GPU one, once', () => {
    expect(['', '0', 'row 1 of 2', 'gpu 0, GPU-1'].map(gpuName)).toEqual([
      '',
      'GPU 0',
      'GPU row 1 of 2',
      'gpu 0, GPU-1',
    ]);
  });
});
