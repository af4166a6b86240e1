import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { optionsOf } from '../../test/support/exposition/exposition-options.ts';
import { sampleGpu, sampleSnapshot } from '../../test/support/exposition/sample-snapshot.ts';
import { systemClock } from '../lib/clock.ts';
import { silentLogger } from '../lib/logger.ts';
import { Exposition } from './exposition.ts';
import { allFamilies } from './family-filter.ts';

describe('exposition/exposition that gets old or fails', () => {
  it('tells how old it is, and counts this scrape, when nothing new can be made', async () => {
    let nowMs = 1_700_000_000_000;
    const clock = { ...systemClock, now: () => nowMs, monotonicMs: () => nowMs };
    const given = { snapshot: sampleSnapshot([sampleGpu(0)]) };
    const shown = new Exposition(optionsOf(given, ['native'], allFamilies, clock));
    const first = String((await shown.scrape('text', false)).body);
    expect(first).toContain('gpu_profiler_exposition_age_seconds 0\n');
    expect(first).toMatch(/\ngpu_profiler_scrapes_total 1\n$/);
    // The same snapshot again is no news, however often it is made into text.
    nowMs += 7_000;
    shown.refresh();
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const [gzip, read] of [
      [false, String],
      [true, (body: Buffer) => String(gunzipSync(body))],
    ] as const) {
      const text = read((await shown.scrape('openmetrics', gzip)).body);
      expect(text).toContain('gpu_profiler_exposition_age_seconds 7\n');
      expect(text).toMatch(
        /# TYPE gpu_profiler_scrapes counter\ngpu_profiler_scrapes_total \d\n# EOF\n$/,
      );
    }
    expect(shown.ageMs()).toBe(7_000);
    given.snapshot = { ...given.snapshot, sequence: given.snapshot.sequence + 1 };
    shown.refresh();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(shown.ageMs()).toBe(0);
  });

  it('tells a failure once, and that it is over', async () => {
    const said: string[] = [];
    const log = {
      ...silentLogger,
      error: (_fields: object, message: string) => said.push(message),
      info: (_fields: object, message: string) => said.push(message),
    };
    let isBroken = true;
    const { observe, observeSelf, ...rest } = optionsOf({
      snapshot: sampleSnapshot([sampleGpu(0)]),
    });
    const shown = new Exposition({
      ...rest,
      log,
      observeSelf,
      observe: () => {
        if (isBroken) throw new Error('no');
        return observe();
      },
    });
    for (let i = 0; i < 3; i += 1) {
      await expect(shown.scrape('text', false)).rejects.toThrow('see the log');
    }
    isBroken = false;
    await shown.scrape('text', false);
    expect(said).toEqual(['exposition failed', 'exposition works again']);
  });
});
