import { describe, expect, it } from 'vitest';
import { shortNames } from './short-names.ts';

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
});
