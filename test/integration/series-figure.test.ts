import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProgram } from '../support/program.ts';
import type { Service } from '../support/service.ts';
import { waitUntil } from '../support/wait-until.ts';

const root = join(import.meta.dirname, '..', '..');
const figure = /\b8 GPUs make about (\d+) series\b/g;

/** Every document for people: their figures of one thing are one figure. */
async function figures(): Promise<{ file: string; series: number }[]> {
  const files = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md'));
  const texts = [...files.map((name) => join('docs', name)), 'README.md'].map(async (file) => ({
    file,
    text: await readFile(join(root, file), 'utf8'),
  }));
  return (await Promise.all(texts)).flatMap(({ file, text }) =>
    [...text.matchAll(figure)].map((match) => ({ file, series: Number(match[1]) })),
  );
}

describe('how many series 8 GPUs make', () => {
  let collector: Service;
  const lines = async (): Promise<string[]> => {
    const response = await fetch(`${collector.url}/metrics`);
    return (await response.text()).split('\n').filter((line) => line !== '' && line[0] !== '#');
  };

  beforeAll(async () => {
    const args = ['--source=simulated', '--simulated.gpus=8', '--node-name=node'];
    collector = await startProgram({ name: 'series-figure', mode: 'collector', args });
  });
  afterAll(async () => {
    await collector?.stop();
  });

  it('is what the documents say, once', async () => {
    const series = await waitUntil(
      async () => {
        const all = await lines();
        const judged = all.filter((line) => line.startsWith('gpu_usage_pattern_info{'));
        return judged.length === 8 && all.length;
      },
      { what: 'a verdict of each GPU', timeoutMs: 120_000 },
    );
    const told = await figures();
    expect(told.map(({ file }) => file)).toEqual(['docs/INSTALL.md']);
    // Which families a GPU has depends on its verdict: a period has three.
    expect(Math.abs(series / (told[0]?.series ?? 0) - 1)).toBeLessThan(0.05);
  });
});
