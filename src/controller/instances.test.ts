import { describe, expect, it } from 'vitest';
import { gpuObservation } from '../../test/support/controller/gpu-observation.ts';
import type { PublishedVerdict } from '../analysis/verdict.ts';
import { systemClock } from '../lib/clock.ts';
import { createRandom } from '../lib/random.ts';
import { Slices } from '../lib/slices.ts';
import { jobTypeKey, profileKey, staticKey } from './annotation-keys.ts';
import { parseProfile } from './annotations/profile.ts';
import type { InstanceEntry } from './annotations/instance-entry.ts';
import { decide } from './decide.ts';
import { createFleetMemory } from './gpu-memory.ts';
import { nodeFacts } from './node-facts.ts';
import type { FleetUsage, InstanceObservation } from './usage-source.ts';

const startMs = Date.parse('2026-11-21T12:00:00Z');
const stepMs = 30_000;
const ttlMs = 900_000;

const random = createRandom(3);

/** A value at each second of the last five minutes. */
function usageAt(nowMs: number, value: (seconds: number) => number): InstanceObservation['usage'] {
  const times = Float64Array.from({ length: 300 }, (_, at) => nowMs / 1_000 - 299 + at);
  return {
    channels: {
      util: { timesSeconds: times, values: times.map(value) },
      // A little more or less at each look.
      memUsed: { timesSeconds: times, values: times.map(() => 4_000 + Math.round(100 * random())) },
    },
    sampling: 'scraped',
  };
}

const loads = {
  resting: () => 0,
  cycling: (seconds: number) => (seconds % 20 < 12 ? 95 : 5),
  steady: () => 96 + Math.round(2 * random()),
};

function instance(
  nowMs: number,
  gpuInstanceId: number,
  profile: string,
  load: keyof typeof loads,
): InstanceObservation {
  return {
    gpuInstanceId,
    profile,
    memoryTotalMiB: 20_000,
    nodeVerdict: null,
    usage: usageAt(nowMs, loads[load]),
  };
}

/** A node with one GPU in MIG mode, from cycle to cycle; what each writes is there in the next. */
class Node {
  annotations: Readonly<Record<string, string>> = {};
  memory = createFleetMemory(startMs);

  /** The keys that were written. */
  async cycle(nowMs: number, instances: readonly InstanceObservation[]): Promise<string[]> {
    const gpu = gpuObservation({
      uuid: 'GPU-0',
      model: 'NVIDIA A100-SXM4-40GB',
      usage: usageAt(nowMs, loads.steady),
      lastSampleMs: nowMs,
      instances,
    });
    const fleet: FleetUsage = {
      timeMs: nowMs,
      complete: true,
      problems: [],
      unmatched: [],
      nodes: new Map([['n', { node: 'n', gpus: [gpu] }]]),
    };
    const facts = await nodeFacts(
      { name: 'n', annotations: this.annotations },
      fleet,
      this.memory,
      {
        turns: new Slices(8, () => systemClock.monotonicMs()),
        nowMs,
        freshMs: 180_000,
        ttlMs,
        windowsSeconds: [120, 600],
      },
    );
    const { wanted, changes } = decide(facts, this.annotations, nowMs, ttlMs);
    this.annotations = wanted;
    return Object.keys(changes);
  }

  get instances(): readonly InstanceEntry[] {
    return parseProfile(this.annotations[profileKey]).entries[0]?.instances ?? [];
  }
}

const both = (nowMs: number): InstanceObservation[] => [
  instance(nowMs, 1, '3g.20gb', 'resting'),
  instance(nowMs, 2, '4g.20gb', 'cycling'),
];

/** Until what is said is settled; the time after it. */
async function settle(node: Node, fromMs: number, of: typeof both): Promise<number> {
  for (let at = 0; at < 4; at += 1)
    await node.cycle(fromMs + at * stepMs, of(fromMs + at * stepMs));
  return fromMs + 4 * stepMs;
}

describe('controller: GPU instances', () => {
  it('says of each what it does, beside what its GPU does', async () => {
    const node = new Node();
    await settle(node, startMs, both);

    expect(node.annotations[jobTypeKey(0)]).toBe('Others');
    expect(node.instances).toMatchObject([
      { gi: 1, profile: '3g.20gb', pattern: 'alloc-idle', jobType: 'Empty' },
      { gi: 2, profile: '4g.20gb', pattern: 'cyclic', jobType: 'DLT', period: 'unresolved' },
    ]);
    expect(JSON.parse(node.annotations[staticKey] ?? '')).toMatchObject({ count: 1 });
  });

  it('writes nothing while nothing changes, nor after a change of leader', async () => {
    const node = new Node();
    let nowMs = await settle(node, startMs, both);
    const before = node.annotations;
    for (let at = 0; at < 40; at += 1, nowMs += stepMs) {
      if (at === 20) node.memory = createFleetMemory(nowMs);
      expect(await node.cycle(nowMs, both(nowMs))).toEqual([]);
    }
    expect(node.annotations[profileKey]).toBe(before[profileKey]);
  });

  it('writes the profile when one of them changes, and of the other what it said', async () => {
    const node = new Node();
    let nowMs = await settle(node, startMs, both);
    const before = node.instances;
    nowMs = await settle(node, nowMs + 600_000, (atMs) => [
      instance(atMs, 1, '3g.20gb', 'steady'),
      instance(atMs, 2, '4g.20gb', 'cycling'),
    ]);
    expect(node.instances[0]).toMatchObject({ pattern: 'steady', jobType: 'Others' });
    expect(node.instances[1]).toEqual(before[1]);
  });

  it('keeps one that is silent until the TTL, then forgets it', async () => {
    const node = new Node();
    const nowMs = await settle(node, startMs, both);
    const one = (atMs: number): InstanceObservation[] => both(atMs).slice(1);
    expect(await node.cycle(nowMs, one(nowMs))).toEqual([]);
    // A new leader goes on from what is written.
    node.memory = createFleetMemory(nowMs);
    expect(await node.cycle(nowMs + ttlMs - stepMs, one(nowMs + ttlMs - stepMs))).toEqual([]);
    const lateMs = nowMs + ttlMs + stepMs;
    expect(await node.cycle(lateMs, one(lateMs))).toContain(profileKey);
    expect(node.instances.map(({ gi }) => gi)).toEqual([2]);
  });

  it('forgets at once what a new layout leaves no room for', async () => {
    const node = new Node();
    const nowMs = await settle(node, startMs, both);
    await node.cycle(nowMs, [instance(nowMs, 0, '7g.40gb', 'resting')]);
    expect(node.instances.map(({ gi }) => gi)).toEqual([0]);
  });

  it('reads back what it wrote, and passes over what is none', async () => {
    const node = new Node();
    await settle(node, startMs, both);
    const text = node.annotations[profileKey] ?? '';
    expect(JSON.stringify(parseProfile(text).entries)).toBe(
      JSON.stringify((JSON.parse(text) as { gpus: unknown }).gpus),
    );
    const broken = text.replace('"gi":1', '"gi":"one"');
    expect(parseProfile(broken).entries[0]?.instances?.map(({ gi }) => gi)).toEqual([2]);
  });

  it('takes the verdict of a node where it makes one', async () => {
    const node = new Node();
    const said = {
      pattern: 'bursty',
      jobType: 'Others',
      tentative: false,
      cycle: null,
      confidence: 0.8,
      asOfSeconds: startMs / 1_000,
      sinceSeconds: startMs / 1_000,
    } as PublishedVerdict;
    const judged = {
      ...instance(startMs, 1, '3g.20gb', 'resting'),
      usage: null,
      nodeVerdict: said,
    };
    await node.cycle(startMs, [judged]);
    expect(node.instances).toMatchObject([{ gi: 1, pattern: 'bursty' }]);
  });
});
