import { describe, expect, it } from 'vitest';
import { ApiError } from '../kubernetes/api-error.ts';
import type { NodeMetadata } from '../kubernetes/node-metadata.ts';
import type { AnnotationPatch, PatchOutcome } from '../kubernetes/node-patch.ts';
import type { Clock } from '../lib/clock.ts';
import { jobTypeKey, ownedKey } from './annotation-keys.ts';
import { createCleanup, type CleanupReport } from './cleanup.ts';
import { withRecord } from './ownership.ts';

const ours = withRecord({ [jobTypeKey(0)]: 'DLT' });
const both = [jobTypeKey(0), ownedKey].sort();

/** Time that passes only by waiting. */
function handClock(): Clock {
  let ms = 0;
  return {
    now: () => ms,
    monotonicMs: () => ms,
    sleep: (by) => {
      ms += by;
      return Promise.resolve();
    },
  };
}

/** Nodes in memory; `meet` decides what a patch meets there. */
class Fleet {
  readonly nodes = new Map<string, NodeMetadata>();
  readonly sent: string[] = [];
  lists = 0;
  meet: (patch: AnnotationPatch) => void = () => undefined;

  constructor(count: number) {
    for (let index = 0; index < count; index += 1) this.set(`n${index}`, ours);
  }

  set(name: string, annotations: Record<string, string>): void {
    this.nodes.set(name, { name, uid: name, resourceVersion: '1', annotations });
  }

  list(): Promise<ReadonlyMap<string, NodeMetadata>> {
    this.lists += 1;
    return Promise.resolve(new Map(this.nodes));
  }

  async send(patch: AnnotationPatch): Promise<PatchOutcome> {
    this.sent.push(patch.name);
    await Promise.resolve();
    this.meet(patch);
    const node = this.nodes.get(patch.name);
    if (node === undefined) return { kind: 'gone' };
    const kept = Object.entries(node.annotations).filter(([key]) => !(key in patch.annotations));
    this.set(patch.name, Object.fromEntries(kept));
    return { kind: 'written', node };
  }

  clean(
    options: { dryRun?: boolean; removalsPerNode?: number } = {},
    signal = new AbortController().signal,
  ): Promise<CleanupReport> {
    return createCleanup({
      clock: handClock(),
      list: () => this.list(),
      send: (patch) => this.send(patch),
      writesPerSecond: 50,
      writesInFlight: 4,
      dryRun: false,
      removalsPerNode: 3,
      ...options,
    }).run(signal);
  }
}

describe('controller/cleanup', () => {
  it('removes, lists once more, and says what it did', async () => {
    const fleet = new Fleet(3);
    fleet.set('bare', { other: 'x' });
    const report = await fleet.clean();
    expect(report).toEqual({
      nodes: 4,
      removed: ['n0', 'n1', 'n2'].map((node) => ({ node, keys: both })),
      left: [],
      others: [],
      verified: true,
      problem: null,
    });
    expect(fleet).toMatchObject({ lists: 2, sent: ['n0', 'n1', 'n2'] });
  });

  it('sends nothing in a dry run', async () => {
    const fleet = new Fleet(2);
    const { left, removed } = await fleet.clean({ dryRun: true });
    expect(left).toMatchObject([{ keys: both, reason: 'not_tried' }, { reason: 'not_tried' }]);
    expect({ removed, sent: fleet.sent }).toEqual({ removed: [], sent: [] });
  });

  it('takes a node again that changed meanwhile, from its new state', async () => {
    const fleet = new Fleet(2);
    let conflicts = 0;
    fleet.meet = ({ name }) => {
      if (name !== 'n1' || conflicts === 2) return;
      conflicts += 1;
      throw new ApiError('conflict', 'changed');
    };
    expect(await fleet.clean()).toMatchObject({ left: [], removed: [{}, {}] });
    expect(fleet.sent).toEqual(['n0', 'n1', 'n1', 'n1']);
  });

  it('counts a patch whose answer got lost, once the list shows that it arrived', async () => {
    const fleet = new Fleet(1);
    fleet.meet = ({ name }) => {
      fleet.set(name, {});
      throw new ApiError('conflict', 'the same patch again, and the node has changed: by us');
    };
    expect(await fleet.clean()).toMatchObject({ left: [], removed: [{ node: 'n0', keys: both }] });
  });

  it('does not fight a controller for ever', async () => {
    const fleet = new Fleet(2);
    const send = fleet.send.bind(fleet);
    fleet.send = async (patch) => {
      const outcome = await send(patch);
      if (patch.name === 'n1') fleet.set('n1', ours);
      return outcome;
    };
    const report = await fleet.clean({ removalsPerNode: 2 });
    expect(report.left).toMatchObject([{ node: 'n1', keys: both, reason: 'written_again' }]);
    expect(report.verified).toBe(true);
    expect(fleet.sent).toEqual(['n0', 'n1', 'n1']);
  });

  it('leaves one node that is refused, and does the others', async () => {
    const fleet = new Fleet(20);
    fleet.meet = ({ name }) => {
      if (name === 'n3')
        throw new ApiError('forbidden', 'denied by a policy', { hint: 'allow it' });
    };
    const report = await fleet.clean();
    expect(report.left).toEqual([
      {
        node: 'n3',
        keys: both,
        reason: 'forbidden',
        detail: 'denied by a policy',
        hint: 'allow it',
      },
    ]);
    expect(report.removed).toHaveLength(19);
  });

  it.each([
    ['forbidden' as const, 'forbidden', 10],
    ['unauthorized' as const, 'refused', 5],
  ])('finds out with few requests that all are refused: %s', async (code, reason, most) => {
    const fleet = new Fleet(200);
    fleet.meet = () => {
      throw new ApiError(code, 'no');
    };
    const report = await fleet.clean();
    expect(fleet.sent.length).toBeLessThanOrEqual(most);
    expect(report.left).toHaveLength(200);
    expect(new Set(report.left.map((left) => left.reason))).toEqual(new Set([reason]));
    expect(report.left[199]?.detail).toBe('no');
  });

  it('stops in the middle when it is told to, and knows what it has not done', async () => {
    const fleet = new Fleet(50);
    const stop = new AbortController();
    fleet.meet = () => {
      if (fleet.sent.length === 20) stop.abort();
    };
    const report = await fleet.clean({}, stop.signal);
    expect(report.verified).toBe(false);
    expect(report.removed.length + report.left.length).toBe(50);
    expect(report.removed.length).toBeLessThan(30);
    expect(report.left[0]).toMatchObject({ reason: 'out_of_time' });

    expect(await fleet.clean()).toMatchObject({ left: [], verified: true });
    expect(fleet.sent).toHaveLength(50);
  });

  it('does not call it verified when it cannot list again', async () => {
    const fleet = new Fleet(1);
    fleet.meet = () => {
      fleet.list = () => Promise.reject(new ApiError('server_error', 'away', { hint: 'wait' }));
    };
    expect(await fleet.clean()).toMatchObject({
      removed: [{ node: 'n0' }],
      left: [],
      verified: false,
      problem: { detail: 'away', hint: 'wait' },
    });
  });
});
