import { describe, expect, it } from 'vitest';
import { Progress } from './progress.ts';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  let ms = 0;
  const clock = { now: () => ms, monotonicMs: () => ms, sleep: () => Promise.resolve() };
  const out = {
    write: (text: string) => void written.push(text),
    isTTY,
    columns: 40,
    rows: 10,
    hasColours: false,
  };
  const progress = new Progress(out, clock);
  return { written, progress, at: (now: number) => ((ms = now), progress) };
}

describe('app/analyze/progress', () => {
  it('tells how far it is on one line, a few times a second, and makes room at the end', () => {
    const { written, progress, at } = terminal(true);
    at(100).show('reading a.csv', 0.1);
    at(600).show('reading a.csv', 0.523);
    at(650).show('reading a.csv', 0.6);
    at(900).show(`reading ${'long/'.repeat(20)}a.csv`, null);
    progress.clear();

    expect(written).toHaveLength(3);
    expect(written[0]).toBe('\r\u001b[Kreading a.csv 52 %');
    expect(written[1]!.slice('\r\u001b[K'.length).length).toBeLessThanOrEqual(40);
    expect(written[1]).toMatch(/long\/a\.csv$/);
    expect(written[2]).toBe('\r\u001b[K');
  });

  it('is silent where there is no terminal', () => {
    const { written, progress, at } = terminal(false);
    at(5_000).show('reading a.csv', 0.5);
    progress.clear();

    expect(written).toEqual([]);
  });
});
