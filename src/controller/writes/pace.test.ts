import { describe, expect, it } from 'vitest';
import type { Clock } from '../../lib/clock.ts';
import { createConcurrency } from './concurrency.ts';
import { createPendingWrites } from './pending.ts';
import { createRefusals } from './refusals.ts';
import { createTokenBucket } from './token-bucket.ts';

function handClock(): Clock & { pass(ms: number): void } {
  let ms = 0;
  return {
    now: () => ms,
    monotonicMs: () => ms,
    sleep: () => Promise.resolve(),
    pass: (by) => {
      ms += by;
    },
  };
}

describe('controller/writes/token-bucket', () => {
  it('lets a burst through, then the rate, and never more than a burst again', () => {
    const clock = handClock();
    const bucket = createTokenBucket(clock, 20, 40);
    const takeAll = (): number => {
      let taken = 0;
      for (; bucket.waitMs() === 0; taken += 1) bucket.take();
      return taken;
    };
    expect(takeAll()).toBe(40);
    expect(bucket.waitMs()).toBe(50);
    clock.pass(1_000);
    expect(takeAll()).toBe(20);
    clock.pass(3_600_000);
    expect(takeAll()).toBe(40);
  });
});

describe('controller/writes/concurrency', () => {
  it('halves when the server is slow, once per second, down to one, and comes back', () => {
    const clock = handClock();
    const concurrency = createConcurrency(clock, 8);
    concurrency.ended(null);
    concurrency.ended(2_000);
    expect(concurrency.limit()).toBe(4);
    for (let i = 0; i < 5; i += 1) {
      clock.pass(1_000);
      concurrency.ended(null);
    }
    expect(concurrency.limit()).toBe(1);
    for (let i = 0; i < 100; i += 1) concurrency.ended(20);
    expect(concurrency.limit()).toBe(8);
  });
});

describe('controller/writes/refusals', () => {
  it('tries a refused node once a minute, and leaves others alone', () => {
    const clock = handClock();
    const refusals = createRefusals(clock);
    refusals.refused('a', false);
    expect(refusals.waitMs('a')).toBe(60_000);
    expect(refusals.waitMs('b')).toBe(0);
    clock.pass(60_000);
    expect(refusals.waitMs('a')).toBe(0);
  });

  it('takes three refusals for a missing right, and the first success for its return', () => {
    const clock = handClock();
    const refusals = createRefusals(clock);
    for (const node of ['a', 'b', 'c']) refusals.refused(node, false);
    expect(refusals.isGeneral()).toBe(true);
    expect(refusals.waitMs('d')).toBe(60_000);
    clock.pass(60_000);
    refusals.refused('d', false);
    expect(refusals.waitMs('a')).toBe(60_000);
    clock.pass(60_000);
    refusals.allowed('a');
    expect(refusals.waitMs('b')).toBe(0);
    expect(refusals.count()).toBe(0);
    expect(refusals.isGeneral()).toBe(false);
  });

  it('takes a node that a policy protects for one node, unless there is no other', () => {
    const refusals = createRefusals(handClock());
    refusals.refused('a', false);
    expect(refusals.isGeneral()).toBe(false);
    refusals.retain(new Set(['a', 'b']), 1);
    expect(refusals.isGeneral()).toBe(true);
    refusals.retain(new Set(['b']), 1);
    expect(refusals.count()).toBe(0);
    expect(refusals.isGeneral()).toBe(false);
  });

  it('takes a role without the verb for a missing right at once, but not minutes after a success', () => {
    const clock = handClock();
    const refusals = createRefusals(clock);
    refusals.refused('a', true);
    expect(refusals.isGeneral()).toBe(true);
    refusals.allowed('b');
    expect(refusals.isGeneral()).toBe(false);
    clock.pass(5 * 60_000 + 1);
    refusals.refused('a', true);
    expect(refusals.isGeneral()).toBe(true);
    refusals.forget('a');
    expect(refusals.isGeneral()).toBe(false);
  });

  it('does not count refusals with a success between them, nor stop everybody for them', () => {
    const refusals = createRefusals(handClock());
    for (const node of ['a', 'b', 'c', 'd']) {
      refusals.refused(node, false);
      refusals.allowed('good');
    }
    expect(refusals.count()).toBe(4);
    expect(refusals.isGeneral()).toBe(false);
    expect(refusals.waitMs('other')).toBe(0);
  });
});

describe('controller/writes/pending', () => {
  const order = (node: string, value: string) => ({ node, uid: 'u', wanted: { key: value } });
  const none = (): boolean => false;

  it('holds one order per node, the newest, in the order of arrival', () => {
    const pending = createPendingWrites();
    pending.put(order('a', '1'));
    pending.put(order('b', '1'));
    pending.put(order('a', '2'));
    expect(pending.size()).toBe(2);
    expect(pending.take(0, none)?.order).toMatchObject({ node: 'a', wanted: { key: '2' } });
    expect(pending.take(0, (node) => node === 'b')).toBeNull();
    expect(pending.take(0, none)?.order.node).toBe('b');
  });

  it('does not let a newer order run ahead of the pause that the server asked for', () => {
    const pending = createPendingWrites();
    pending.put(order('a', '1'));
    const taken = pending.take(0, none);
    pending.put(order('a', '2'));
    if (taken !== null) pending.putBack({ ...taken, attempts: 2, notBeforeMs: 7_000 });
    expect(pending.take(6_999, none)).toBeNull();
    expect(pending.nextDueMs(1_000)).toBe(6_000);
    expect(pending.take(7_000, none)).toMatchObject({
      attempts: 2,
      order: { wanted: { key: '2' } },
    });
  });
});
