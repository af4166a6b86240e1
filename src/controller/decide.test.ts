import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patterns, type PublishedVerdict } from '../analysis/verdict.ts';
import { isOurKey, isValueKey, jobTypeKey, ownedKey, profileKey } from './annotation-keys.ts';
import { decide, mentionedGpus } from './decide.ts';
import type { GpuFacts } from './gpu-facts.ts';
import { ownedKeys } from './ownership.ts';

const nowMs = 1_800_000_000_000;
const ttlMs = 900_000;

const verdicts: fc.Arbitrary<PublishedVerdict | null> = fc.option(
  fc.record({
    pattern: fc.constantFrom(...patterns),
    jobType: fc.constant('Others' as const),
    tentative: fc.boolean(),
    cycle: fc.option(
      fc.record({
        periodSeconds: fc.double({ min: 0.5, max: 600, noNaN: true }),
        publishable: fc.boolean(),
        periodMarginSeconds: fc.double({ min: 0, max: 60 }),
        slowerPeriodSeconds: fc.option(fc.double({ min: 2, max: 3600, noNaN: true })),
        cycles: fc.double({ min: 0, max: 500, noNaN: true }),
        dutyRatio: fc.double({ min: 0, max: 1 }),
        channel: fc.constantFrom('util' as const, 'power' as const),
        pValue: fc.double(),
      }),
    ),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    windowSeconds: fc.constant(120),
    sampleCount: fc.constant(100),
    asOfSeconds: fc.constant(nowMs / 1_000),
    memCopyMaxPercent: fc.option(fc.double({ min: 0, max: 100 })),
    memUsedMaxMiB: fc.option(fc.double({ min: 0, max: 200_000 })),
    utilMeanPercent: fc.constant(null),
    nextMemUsedMaxMiB: fc.option(fc.double({ min: 0, max: 200_000 })),
    nextUtilMeanPercent: fc.option(fc.double({ min: 0, max: 100 })),
    stall: fc.boolean(),
    sinceSeconds: fc.double({ min: 0, max: nowMs / 1_000, noNaN: true }),
  }),
);
/** A UUID comes once, as a usage source promises; an index may come twice (one GPU remembered, one seen). */
const gpus: fc.Arbitrary<GpuFacts[]> = fc.uniqueArray(
  fc.record({
    index: fc.nat(7),
    uuid: fc.constantFrom('A', 'B', 'C', 'D', 'E'),
    model: fc.option(fc.constantFrom('x', 'y')),
    driverVersion: fc.option(fc.constant('1')),
    memoryTotalMiB: fc.option(fc.nat()),
    pcieGenerationMax: fc.option(fc.nat(6)),
    pcieWidthMax: fc.option(fc.nat(16)),
    simulated: fc.boolean(),
    verdict: verdicts,
    trustedMs: fc.option(fc.integer({ min: nowMs - 2 * ttlMs, max: nowMs })),
  }),
  { maxLength: 5, selector: ({ uuid }) => uuid },
);

describe('controller/decide', () => {
  it('has nothing left to do once it is written, whatever the facts (property)', () => {
    fc.assert(
      fc.property(gpus, gpus, fc.boolean(), (before, now, complete) => {
        const start = decide({ gpus: before, absent: [], complete: true }, {}, nowMs, ttlMs).wanted;
        const absent = mentionedGpus(start)
          .filter(({ uuid }) => now.every((gpu) => gpu.uuid !== uuid))
          .map((gpu) => ({ ...gpu, trustedMs: nowMs - ttlMs, gone: complete }));
        const facts = { gpus: now, absent, complete };
        const decision = decide(facts, start, nowMs, ttlMs);
        const again = decide(facts, decision.wanted, nowMs + 30_000, ttlMs);
        // Passing the TTL within these 30 s is the only change that may come.
        const passes = [...now, ...absent].some(
          ({ trustedMs }) =>
            trustedMs !== null && trustedMs + ttlMs >= nowMs && trustedMs + ttlMs < nowMs + 30_000,
        );
        expect(passes ? {} : again.changes).toEqual({});
        expect(Object.keys(decision.changes).every(isOurKey)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('records every key that it leaves behind, and touches none of another, whatever is found there (property)', () => {
    const found = fc.dictionary(
      fc.constantFrom(
        ...['GPU-0-job-type', 'GPU-3-mem-util-max', 'GPU-9-job-type', 'gpu-static', 'hint'].map(
          (name) => `ai.centaurus.io/${name}`,
        ),
      ),
      fc.constantFrom('x', 'DLT'),
    );
    const records = fc.constantFrom(null, '', '*', 'hint,GPU-9-job-type', 'GPU-0-job-type', ',,"');
    fc.assert(
      fc.property(gpus, found, records, (now, keys, record) => {
        const before = { ...keys, ...(record === null ? {} : { [ownedKey]: record }) };
        const ours = ownedKeys(before);
        const facts = { gpus: now, absent: [], complete: true };
        const { changes, wanted } = decide(facts, before, nowMs, ttlMs);
        const named = Object.keys(changes);
        expect(named.filter((key) => !isOurKey(key))).toEqual([]);
        const gone = named.filter((key) => changes[key] === null && key !== ownedKey);
        expect(gone.filter((key) => !ours.has(key))).toEqual([]);
        const after: Record<string, string> = { ...before };
        for (const [key, value] of Object.entries(changes)) {
          if (value === null) delete after[key];
          else after[key] = value;
        }
        expect([...ownedKeys(after)].sort()).toEqual(Object.keys(wanted).filter(isValueKey).sort());
        expect(decide(facts, after, nowMs, ttlMs).changes).toEqual({});
      }),
      { numRuns: 500 },
    );
  });

  it('forgets with a GPU its keys and their names, and leaves one of our form alone that is not ours', () => {
    const profile = JSON.stringify({
      v: 1,
      asOf: 'x',
      gpus: ['A', 'B'].map((uuid, i) => ({ i, uuid, pattern: 'idle', since: 's' })),
    });
    const current = {
      [profileKey]: profile,
      [jobTypeKey(0)]: 'Empty',
      [jobTypeKey(1)]: 'Empty',
      [jobTypeKey(5)]: 'theirs',
      [ownedKey]: 'GPU-0-job-type,GPU-1-job-type,gpu-profile',
    };
    const expired = { trustedMs: nowMs - ttlMs - 1, gone: true };
    const absent = [
      { index: 0, uuid: 'A', trustedMs: nowMs, gone: true },
      { index: 1, uuid: 'B', ...expired },
    ];
    const { changes } = decide({ gpus: [], absent, complete: true }, current, nowMs, ttlMs);
    expect(changes).toMatchObject({
      [jobTypeKey(1)]: null,
      [ownedKey]: 'GPU-0-job-type,gpu-profile',
    });
    expect(Object.keys(changes).sort()).toEqual([jobTypeKey(1), profileKey, ownedKey].sort());
  });

  it('knows GPUs by their entry, or by a key alone', () => {
    const profile = '{"v":1,"asOf":"x","gpus":[{"i":0,"uuid":"A","pattern":"idle","since":"x"}]}';
    const keys = { [profileKey]: profile, [jobTypeKey(0)]: 'Empty', [jobTypeKey(4)]: 'DLT' };
    expect(mentionedGpus(keys)).toEqual([
      { index: 0, uuid: 'A' },
      { index: 4, uuid: '' },
    ]);
  });

  it('tells changes of pattern, but not new GPUs', () => {
    const entry = (uuid: string, pattern: string): object => ({ i: 0, uuid, pattern, since: 's' });
    const before = JSON.stringify({ v: 1, asOf: 'x', gpus: [entry('A', 'cyclic')] });
    const gone = { index: 0, uuid: 'A', trustedMs: 0, gone: false };
    const decision = decide(
      { gpus: [], absent: [gone], complete: false },
      { [profileKey]: before, [jobTypeKey(0)]: 'DLT' },
      nowMs,
      ttlMs,
    );
    expect(decision.patternChanges).toEqual([{ index: 0, from: 'cyclic', to: 'unknown' }]);
    expect(decision.changes[jobTypeKey(0)]).toBe('Unknown');
  });
});
