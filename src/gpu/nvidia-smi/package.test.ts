import childProcess from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { queryThroughPackage } from './package.ts';

const exec = childProcess.exec;

describe('gpu/nvidia-smi/package', () => {
  it('gives the tree of the XML, and leaves exec as it was', async () => {
    const tree = await queryThroughPackage(() =>
      Promise.resolve('<a b="1"><c> x </c><d/><d>y &amp; z</d></a>'),
    );

    expect(tree).toEqual({ a: { $: { b: '1' }, c: 'x', d: ['', 'y & z'] } });
    expect(childProcess.exec).toBe(exec);
  });

  it('keeps queries apart that run at the same time', async () => {
    const query = (text: string, ms: number): Promise<unknown> =>
      queryThroughPackage(
        () => new Promise((resolve) => setTimeout(() => resolve(`<a>${text}</a>`), ms)),
      );

    expect(await Promise.all([query('slow', 30), query('fast', 1)])).toEqual([
      { a: 'slow' },
      { a: 'fast' },
    ]);
  });

  it('rejects with what the reading throws, and with what the parser says', async () => {
    const failure = new Error('no such command');

    await expect(queryThroughPackage(() => Promise.reject(failure))).rejects.toBe(failure);
    await expect(queryThroughPackage(() => Promise.resolve('<a><b></a>'))).rejects.toThrow(/tag/);
  });
});
