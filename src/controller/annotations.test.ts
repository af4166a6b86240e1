import { describe, expect, it } from 'vitest';
import type { PublishedVerdict } from '../analysis/verdict.ts';
import { jobTypeKey, memUtilMaxKey, profileKey, staticKey } from './annotation-keys.ts';
import { renderAnnotations } from './annotations.ts';
import type { GpuFacts } from './gpu-facts.ts';

const nowMs = Date.parse('2026-11-21T12:00:00Z');
const minuteMs = 60_000;

function cyclic(changes: Partial<PublishedVerdict> = {}): PublishedVerdict {
  return {
    pattern: 'cyclic',
    jobType: 'DLT',
    tentative: false,
    cycle: {
      periodSeconds: 5.2134,
      publishable: true,
      periodMarginSeconds: 0.0814,
      slowerPeriodSeconds: 104.31,
      cycles: 23.4,
      dutyRatio: 0.713,
      channel: 'util',
      pValue: 0.0004,
    },
    confidence: 0.973,
    windowSeconds: 120,
    sampleCount: 600,
    asOfSeconds: nowMs / 1_000,
    memCopyMaxPercent: 44.6,
    memUsedMaxMiB: 12_001.3,
    utilMeanPercent: 71,
    nextMemUsedMaxMiB: 12_857,
    nextUtilMeanPercent: 71.2,
    stall: false,
    sinceSeconds: nowMs / 1_000 - 300,
    ...changes,
  };
}

function idle(changes: Partial<PublishedVerdict> = {}): PublishedVerdict {
  return cyclic({ pattern: 'idle', jobType: 'Empty', cycle: null, ...changes });
}

function gpu(
  index: number,
  verdict: PublishedVerdict | null,
  changes: Partial<GpuFacts> = {},
): GpuFacts {
  return {
    index,
    uuid: `GPU-${index}`,
    model: 'NVIDIA A100',
    driverVersion: '550.54',
    memoryTotalMiB: 81_920,
    pcieGenerationMax: 4,
    pcieWidthMax: 16,
    simulated: false,
    verdict,
    trustedMs: nowMs,
    ...changes,
  };
}

interface Profile {
  asOf: string;
  gpus: Record<string, unknown>[];
}
function profileOf(annotations: Readonly<Record<string, string>>): Profile {
  return JSON.parse(annotations[profileKey] ?? '') as Profile;
}

const first = renderAnnotations([gpu(0, cyclic())], {}, nowMs);

describe('controller/annotations', () => {
  it('says everything about a cyclic GPU', () => {
    expect(first).toEqual({
      [jobTypeKey(0)]: 'DLT',
      [memUtilMaxKey(0)]: '45',
      [profileKey]:
        '{"v":1,"asOf":"2026-11-21T12:00:00Z","gpus":[{"i":0,"uuid":"GPU-0","pattern":"cyclic","periodSeconds":5.21,"periodMarginSeconds":0.081,"slowerPeriodSeconds":104,' +
        '"confidence":0.95,"cycles":23,"duty":0.7,"channel":"util","memUtilMax":45,"memMaxMiB":12001,' +
        '"nextMemMaxMiB":12928,"nextUtil":70,"since":"2026-11-21T11:55:00Z"}]}',
      [staticKey]:
        '{"v":1,"count":1,"model":"NVIDIA A100","memoryMiB":81920,"pcieGeneration":4,"pcieWidth":16,"driver":"550.54"}',
    });
  });

  it.each([
    ['idle', idle(), 'Empty'],
    ['memory held, idle', idle({ pattern: 'alloc-idle' }), 'Empty'],
    ['steady', idle({ pattern: 'steady', jobType: 'Others' }), 'Others'],
    ['cyclic, few cycles seen', cyclic({ tentative: true, jobType: 'Others' }), 'Others'],
  ])('has no mem-util-max where the job type is not DLT: %s', (_, verdict, jobType) => {
    const rendered = renderAnnotations([gpu(0, verdict)], first, nowMs);
    expect(rendered[jobTypeKey(0)]).toBe(jobType);
    expect(rendered).not.toHaveProperty([memUtilMaxKey(0)]);
  });

  const apparent = (periodSeconds: number): PublishedVerdict =>
    cyclic({ cycle: { ...cyclic().cycle, periodSeconds, publishable: false } as never });

  it('shows a period that may be an alias as apparent, never as the period', () => {
    const { gpus } = profileOf(renderAnnotations([gpu(0, apparent(5.2134))], {}, nowMs));
    expect(gpus[0]).toMatchObject({ period: 'unresolved', apparentPeriodSeconds: 5.2 });
    for (const name of ['periodSeconds', 'periodMarginSeconds', 'slowerPeriodSeconds']) {
      expect(gpus[0]).not.toHaveProperty(name);
    }
  });

  it('tells how far a steady load is from flat, and does not write for its sake at once', () => {
    const steady = (utilSpreadPercent: number): PublishedVerdict =>
      cyclic({ pattern: 'steady', cycle: null, utilSpreadPercent });
    const before = renderAnnotations([gpu(0, steady(23))], {}, nowMs);
    expect(profileOf(before).gpus[0]).toMatchObject({ pattern: 'steady', utilSpread: 25 });
    expect(renderAnnotations([gpu(0, steady(61))], before, nowMs + 30_000)).toEqual(before);
    const later = renderAnnotations([gpu(0, steady(61))], before, nowMs + 20 * minuteMs);
    expect(profileOf(later).gpus[0]).toMatchObject({ utilSpread: 60 });
  });

  it('shows no apparent period where an earlier collector tells none', () => {
    const { gpus } = profileOf(renderAnnotations([gpu(0, apparent(Number.NaN))], {}, nowMs));
    expect(gpus[0]).toMatchObject({ pattern: 'cyclic', period: 'unresolved' });
    expect(gpus[0]).not.toHaveProperty('apparentPeriodSeconds');
  });

  it('never writes for the sake of an apparent period at once', () => {
    const before = renderAnnotations([gpu(0, apparent(20))], {}, nowMs);
    const soon = renderAnnotations([gpu(0, apparent(29))], before, nowMs + 30_000);
    expect(soon).toEqual(before);
    const later = renderAnnotations([gpu(0, apparent(29))], before, nowMs + 20 * minuteMs);
    expect(profileOf(later).gpus[0]).toMatchObject({ apparentPeriodSeconds: 29 });
  });

  const period = (periodSeconds: number): PublishedVerdict =>
    cyclic({ cycle: { ...cyclic().cycle, periodSeconds } as PublishedVerdict['cycle'] });

  it.each([
    ['mem-util-max by 3 points', cyclic({ memCopyMaxPercent: 48 })],
    ['the period by 2 %', period(5.3)],
    ['memory by 200 MiB', cyclic({ memUsedMaxMiB: 12_200, nextMemUsedMaxMiB: 13_000 })],
    ['the expected mean by 15 points', cyclic({ nextUtilMeanPercent: 57 })],
    ['the number of cycles', cyclic({ cycle: { ...cyclic().cycle, cycles: 90 } as never })],
    ['the channel', cyclic({ cycle: { ...cyclic().cycle, channel: 'power' } as never })],
    ['the confidence by a tenth', cyclic({ confidence: 0.88 })],
    ['a number that is missing this time', cyclic({ memCopyMaxPercent: null })],
    ['when the pattern began', cyclic({ sinceSeconds: nowMs / 1_000 })],
  ])('is the same text when noise moves %s', (_, verdict) => {
    expect(renderAnnotations([gpu(0, verdict)], first, nowMs + 60 * minuteMs)).toEqual(first);
  });

  it.each([
    ['mem-util-max by 10 points', cyclic({ memCopyMaxPercent: 55 })],
    ['the period by 12 %', period(5.9)],
    ['memory by half', cyclic({ memUsedMaxMiB: 18_000 })],
    ['a stall', cyclic({ stall: true })],
  ])('is written at once when it is %s', (_, verdict) => {
    const rendered = renderAnnotations([gpu(0, verdict)], first, nowMs + 30_000);
    expect(rendered[profileKey]).not.toBe(first[profileKey]);
    expect(profileOf(rendered).asOf).toBe('2026-11-21T12:00:30Z');
    expect(profileOf(rendered).gpus[0]?.['since']).toBe('2026-11-21T11:55:00Z');
  });

  it('writes a movement between noise and jump no more often than every ten minutes', () => {
    const moved = [gpu(0, cyclic({ memCopyMaxPercent: 50 }))];
    expect(renderAnnotations(moved, first, nowMs + 9 * minuteMs)).toEqual(first);
    // Written by somebody whose clock was ahead: not held until then.
    expect(renderAnnotations(moved, first, nowMs - 9 * minuteMs)[profileKey]).not.toBe(
      first[profileKey],
    );
    const later = renderAnnotations(moved, first, nowMs + 10 * minuteMs);
    expect(later[memUtilMaxKey(0)]).toBe('50');
  });

  describe('without trustworthy data', () => {
    const silent = [gpu(0, null)];
    const ttlMs = 15 * minuteMs;

    it('keeps everything until the TTL', () => {
      expect(renderAnnotations(silent, first, nowMs + ttlMs, { ttlMs })).toEqual(first);
      const insufficient = [gpu(0, idle({ pattern: 'insufficient' }))];
      expect(renderAnnotations(insufficient, first, nowMs + ttlMs, { ttlMs })).toEqual(first);
    });

    it('says Unknown after it, and goes on saying the same', () => {
      const unknown = renderAnnotations(silent, first, nowMs + ttlMs + 1, { ttlMs });
      expect(unknown[jobTypeKey(0)]).toBe('Unknown');
      expect(unknown).not.toHaveProperty([memUtilMaxKey(0)]);
      expect(profileOf(unknown).gpus).toEqual([
        { i: 0, uuid: 'GPU-0', pattern: 'unknown', since: '2026-11-21T12:15:00Z' },
      ]);
      expect(unknown[staticKey]).toBe(first[staticKey]);
      expect(renderAnnotations(silent, unknown, nowMs + 3 * ttlMs, { ttlMs })).toEqual(unknown);
    });

    it('mentions no GPU of which nothing was ever known', () => {
      expect(renderAnnotations(silent, {}, nowMs + 10 * ttlMs, { ttlMs })).toEqual({});
      expect(renderAnnotations([], {}, nowMs)).toEqual({});
    });

    it('keeps keys whose entry in the profile was deleted', () => {
      const rest = { [jobTypeKey(0)]: 'DLT', [memUtilMaxKey(0)]: '45' };
      const kept = renderAnnotations(silent, rest, nowMs + minuteMs, { ttlMs });
      expect(kept).toEqual(rest);
    });
  });

  describe('GPUs that come and go', () => {
    const two = renderAnnotations([gpu(0, cyclic()), gpu(1, idle())], {}, nowMs);
    const ttlMs = 15 * minuteMs;
    const absent = (gone: boolean) => [{ index: 1, uuid: 'GPU-1', trustedMs: nowMs, gone }];
    const rest = [gpu(0, cyclic())];

    it('keeps the static facts, too, while such keys stay', () => {
      const { [profileKey]: profile, ...loose } = renderAnnotations([gpu(0, cyclic())], {}, nowMs);
      expect(profile).toBeDefined();
      const absent = [{ index: 0, uuid: '', trustedMs: nowMs, gone: false }];
      expect(renderAnnotations([], loose, nowMs, { absent, complete: false })).toEqual(loose);
    });

    it('keeps one that is absent until the TTL, its count too', () => {
      const options = { ttlMs, absent: absent(true) };
      expect(renderAnnotations(rest, two, nowMs + ttlMs, options)).toEqual(two);
    });

    it('forgets one that was taken out', () => {
      const options = { ttlMs, absent: absent(true) };
      const now = renderAnnotations(rest, two, nowMs + ttlMs + 1, options);
      expect(now).not.toHaveProperty([jobTypeKey(1)]);
      expect(profileOf(now).gpus).toHaveLength(1);
      expect(now[staticKey]).toContain('"count":1');
    });

    it('says Unknown of one that is merely not in an incomplete picture', () => {
      const options = { ttlMs, absent: absent(false), complete: false };
      const now = renderAnnotations(rest, two, nowMs + ttlMs + 1, options);
      expect(now[jobTypeKey(1)]).toBe('Unknown');
      expect(now[staticKey]).toBe(two[staticKey]);
    });

    it('follows a GPU that got another index', () => {
      const swapped = [gpu(0, idle(), { uuid: 'GPU-1' }), gpu(1, cyclic(), { uuid: 'GPU-0' })];
      const now = renderAnnotations(swapped, two, nowMs);
      expect(now).toMatchObject({ [jobTypeKey(0)]: 'Empty', [jobTypeKey(1)]: 'DLT' });
      expect(now).not.toHaveProperty([memUtilMaxKey(0)]);
    });

    it('gives an index to the GPU that reports there now, not to one remembered', () => {
      const replaced = [gpu(1, cyclic(), { uuid: 'GPU-new' }), gpu(1, null), gpu(0, cyclic())];
      const now = renderAnnotations(replaced, two, nowMs);
      expect(profileOf(now).gpus.map(({ uuid }) => uuid)).toEqual(['GPU-0', 'GPU-new']);
      expect(now[staticKey]).toContain('"count":2');
    });

    it('tells kinds of GPUs apart, and keeps static facts that are missing this time', () => {
      const mixed = renderAnnotations(
        [gpu(0, idle()), gpu(1, idle(), { model: 'NVIDIA L4', memoryTotalMiB: 23_034 })],
        {},
        nowMs,
      );
      expect(JSON.parse(mixed[staticKey] ?? '')).toMatchObject({
        count: 2,
        groups: [
          { gpus: [0], model: 'NVIDIA A100' },
          { gpus: [1], model: 'NVIDIA L4', memoryMiB: 23_034 },
        ],
      });
      const bare = { model: null, driverVersion: null, memoryTotalMiB: null };
      expect(renderAnnotations([gpu(0, cyclic(), bare)], first, nowMs)).toEqual(first);
    });
  });

  it.each(['', 'not JSON', '{"v":2,"gpus":[]}', '{"v":1,"gpus":[null,{"i":"x"}]}', '[]'])(
    'writes anew what somebody broke: %j',
    (broken) => {
      const now = renderAnnotations([gpu(0, cyclic())], { ...first, [profileKey]: broken }, nowMs);
      expect(now).toEqual(first);
    },
  );
});
