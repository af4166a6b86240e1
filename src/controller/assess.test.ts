import { describe, expect, it } from 'vitest';
import { gpuObservation } from '../../test/support/controller/gpu-observation.ts';
import type { PublishedVerdict, UsageSeries } from '../analysis/verdict.ts';
import { systemClock } from '../lib/clock.ts';
import { Slices } from '../lib/slices.ts';
import { createRandom } from '../lib/random.ts';
import { assessGpu, type AssessOptions } from './assess.ts';
import { createFleetMemory } from './gpu-memory.ts';
import { baselineMs, heartbeat, heartbeatKey } from './heartbeat.ts';
import { nodeFacts } from './node-facts.ts';
import { renderAnnotations } from './annotations.ts';
import { profileKey } from './annotation-keys.ts';
import { parseProfile } from './annotations/profile.ts';
import type { FleetUsage, GpuObservation } from './usage-source.ts';

const nowMs = 1_800_000_000_000;
const options: AssessOptions & { readonly ttlMs: number } = {
  ttlMs: 900_000,
  turns: new Slices(8, () => systemClock.monotonicMs()),
  nowMs,
  freshMs: 180_000,
  windowsSeconds: [120, 600],
};
const nothing = { entry: undefined, asOfMs: null };

/** Square wave of 10 s, one sample a second, until `endMs`; `flat`: constant 97 with a little noise. */
function util(endMs: number, flat = false): UsageSeries {
  const random = createRandom(7);
  const count = 300;
  const values = Float64Array.from({ length: count }, (_, index) =>
    flat ? 96 + Math.round(2 * random()) : index % 10 < 6 ? 95 - Math.round(3 * random()) : 4,
  );
  const times = Float64Array.from(
    { length: count },
    (_, index) => endMs / 1_000 - count + 1 + index,
  );
  return { timesSeconds: times, values };
}

function observation(changes: Partial<GpuObservation> = {}): Omit<GpuObservation, 'instances'> {
  const usage = { channels: { util: util(nowMs) }, sampling: 'scraped' } as const;
  return gpuObservation({ usage, lastSampleMs: nowMs, ...changes });
}

const said = { pattern: 'steady', jobType: 'Others' } as PublishedVerdict;

describe('controller/assess', () => {
  it('keeps to what is written while a restarted collector has seen too little, and trusts its data', async () => {
    const entry = {
      i: 0,
      uuid: 'A',
      pattern: 'cyclic' as const,
      periodSeconds: 25,
      since: new Date(nowMs - 3_600_000).toISOString(),
    };
    const asOfSeconds = nowMs / 1_000;
    const from = (seconds: number): GpuObservation =>
      observation({
        nodeVerdict: { ...said, asOfSeconds, watchedSinceSeconds: asOfSeconds - seconds },
      });
    const memory = createFleetMemory(nowMs - 60_000).of('n', 'A');
    const before = { entry, asOfMs: nowMs - 3_600_000 };
    const young = await assessGpu(from(60), memory, before, options);
    expect(young).toMatchObject({ verdict: null, trustedMs: nowMs });
    const grown = await assessGpu(from(200), memory, before, options);
    expect(grown.verdict?.pattern).toBe('steady');
  });

  it('takes the verdict of the node where there is one', async () => {
    const memory = createFleetMemory(nowMs).of('n', 'A');
    const facts = await assessGpu(observation({ nodeVerdict: said }), memory, nothing, options);
    expect(facts.verdict).toBe(said);
    expect(facts.trustedMs).toBe(nowMs);
  });

  it('analyses series where there is none, and publishes no period of point samples', async () => {
    const memory = createFleetMemory(nowMs).of('n', 'A');
    const facts = await assessGpu(observation(), memory, nothing, options);
    expect(facts.verdict).toMatchObject({ pattern: 'cyclic', jobType: 'DLT' });
    expect(facts.verdict?.cycle?.publishable).toBe(false);
  });

  it('sees the end of a job in scraped series by the second look after its pause may last', async () => {
    const memory = createFleetMemory(nowMs).of('n', 'A');
    const endedMs = nowMs + 100_000;
    const saidAt = async (atMs: number): Promise<string | undefined> => {
      const running = util(atMs);
      const values = running.values.map((value, i) =>
        1_000 * running.timesSeconds[i]! < endedMs ? value : 0,
      );
      const usage = { channels: { util: { ...running, values } }, sampling: 'scraped' } as const;
      const gpu = observation({ usage, lastSampleMs: atMs });
      const { verdict } = await assessGpu(gpu, memory, nothing, { ...options, nowMs: atMs });
      return verdict === null ? undefined : `${verdict.pattern} ${verdict.jobType}`;
    };
    for (let atMs = nowMs; atMs < endedMs; atMs += 15_000) await saidAt(atMs);
    expect(await saidAt(endedMs)).toBe('cyclic DLT');
    await saidAt(endedMs + 35_000);
    expect(['transition Others', 'idle Empty']).toContain(await saidAt(endedMs + 45_000));
    expect(await saidAt(endedMs + 60_000)).toBe('idle Empty');
  });

  it.each([
    ['old data', observation({ lastSampleMs: nowMs - 200_000, nodeVerdict: said })],
    ['no data', observation({ lastSampleMs: null, usage: null })],
    ['too few data', observation({ usage: { channels: {}, sampling: 'scraped' } })],
  ])('says nothing from %s, and trusts no longer than there was something', async (_, gpu) => {
    const memory = createFleetMemory(nowMs).of('n', 'A');
    memory.trustedMs = nowMs - 60_000;
    const facts = await assessGpu(gpu, memory, nothing, options);
    expect(facts.verdict).toBeNull();
    expect(facts.trustedMs).toBe(nowMs - 60_000);
  });

  it('gives a GPU that is scraped rarely the time of three scrapes', async () => {
    const late = { nodeVerdict: said, lastSampleMs: nowMs - 400_000 };
    const patterns = [{}, { sampleIntervalMs: 300_000 }].map(async (rarely) => {
      const memory = createFleetMemory(nowMs).of('n', 'A');
      return (await assessGpu(observation({ ...late, ...rarely }), memory, nothing, options))
        .verdict?.pattern;
    });
    expect(await Promise.all(patterns)).toEqual([undefined, 'steady']);
  });

  it('trusts no sample from the future, which would never grow old', async () => {
    for (const [aheadMs, isBelieved] of [
      [50_000, true],
      [70_000, false],
    ] as const) {
      const memory = createFleetMemory(nowMs).of('n', 'A');
      const gpu = observation({ nodeVerdict: said, lastSampleMs: nowMs + aheadMs });
      const facts = await assessGpu(gpu, memory, nothing, options);
      expect(facts.verdict !== null).toBe(isBelieved);
      expect(facts.trustedMs).toBe(nowMs);
    }
  });

  it.each([
    ['', 0],
    [', also one whose clock was an hour ahead', 3_600_000],
  ])(
    'a new leader says what the old one said%s, until several windows disagree',
    async (_, aheadMs) => {
      const old = await assessGpu(
        observation(),
        createFleetMemory(nowMs).of('n', 'A'),
        nothing,
        options,
      );
      const written = renderAnnotations([old], {}, nowMs);
      const { entries, asOfMs } = parseProfile(written[profileKey]);
      const memory = createFleetMemory(nowMs).of('n', 'A');
      const before = { entry: entries[0], asOfMs: (asOfMs ?? 0) + aheadMs };
      const flat = (atMs: number): GpuObservation =>
        observation({
          usage: { channels: { util: util(atMs, true) }, sampling: 'scraped' },
          lastSampleMs: atMs,
        });
      const patterns: (string | undefined)[] = [];
      for (let cycle = 1; cycle <= 8; cycle += 1) {
        const atMs = nowMs + 30_000 * cycle;
        const at = { ...options, nowMs: atMs };
        patterns.push((await assessGpu(flat(atMs), memory, before, at)).verdict?.pattern);
      }
      expect(patterns[0]).toBe('cyclic');
      expect(patterns.at(-1)).toBe('steady');
    },
  );
});

describe('controller/node-facts', () => {
  const annotations = renderAnnotations(
    [
      {
        ...observation(),
        verdict: { ...said, sinceSeconds: 1, confidence: 1 },
        trustedMs: nowMs,
      },
    ],
    {},
    nowMs,
  );
  const fleet = (complete: boolean, gpus: GpuObservation[]): FleetUsage => ({
    timeMs: nowMs,
    complete,
    problems: [],
    unmatched: [],
    nodes: new Map([['n', { node: 'n', gpus }]]),
  });
  const other = observation({ uuid: 'B', index: 1, nodeVerdict: said });
  const node = { name: 'n', annotations };

  it.each([
    ['the picture is complete and its sibling reports', fleet(true, [other]), true],
    ['the picture is incomplete', fleet(false, [other]), false],
    ['its sibling is silent, too', fleet(true, [{ ...other, lastSampleMs: nowMs - 1e6 }]), false],
    ['nothing could be read', null, false],
  ])('a GPU that is absent is gone only when data can tell: %s', async (_, usage, gone) => {
    const memory = createFleetMemory(nowMs - 5_000);
    const { absent } = await nodeFacts(node, usage, memory, options);
    expect(absent).toEqual([{ index: 0, uuid: 'A', trustedMs: nowMs - 5_000, gone }]);
  });
});

describe('controller/node-facts, TTL', () => {
  const held = renderAnnotations(
    [{ ...observation(), verdict: { ...said, sinceSeconds: 1, confidence: 1 }, trustedMs: nowMs }],
    {},
    nowMs,
  );

  it('runs out for a GPU that is listed without a sample since this leader began', async () => {
    const silent = observation({ lastSampleMs: null, usage: null });
    const usage: FleetUsage = {
      timeMs: nowMs,
      complete: true,
      problems: [],
      unmatched: [],
      nodes: new Map([['n', { node: 'n', gpus: [silent] }]]),
    };
    const memory = createFleetMemory(nowMs);
    const render = async (atMs: number): Promise<string | undefined> => {
      const node = { name: 'n', annotations: held };
      const { gpus, absent } = await nodeFacts(node, usage, memory, { ...options, nowMs: atMs });
      const wanted = renderAnnotations(gpus, held, atMs, { ttlMs: 900_000, absent });
      return wanted['ai.centaurus.io/GPU-0-job-type'];
    };
    expect(await render(nowMs + 900_000)).toBe('Others');
    expect(await render(nowMs + 900_001)).toBe('Unknown');
  });
});

describe('controller/heartbeat', () => {
  const ttlMs = 900_000;

  it('hands the time of the last read on', () => {
    const left = heartbeat(nowMs - 60_000);
    expect(baselineMs(left, nowMs, ttlMs, 30_000)).toBe(nowMs - 60_000);
  });

  it('leaves a few cycles of patience after a long absence', () => {
    const left = heartbeat(nowMs - 86_400_000);
    expect(baselineMs(left, nowMs, ttlMs, 30_000)).toBe(nowMs - ttlMs + 90_000);
  });

  it.each([[{}], [{ [heartbeatKey]: 'garbage' }], [heartbeat(nowMs + 600_000)]])(
    'starts from now without a usable one: %j',
    (left) => {
      expect(baselineMs(left, nowMs, ttlMs, 30_000)).toBe(nowMs);
    },
  );
});
