import { describe, expect, it } from 'vitest';
import { createLeaseClaim } from './lease-claim.ts';
import { createTerm } from './leader-term.ts';
import { leaseRecord } from './lease-record.ts';

class HandClock {
  monotonic = 1_000;
  wall = 1_800_000_000_000;
  now = (): number => this.wall;
  monotonicMs = (): number => this.monotonic;
  sleep = (): Promise<void> => Promise.resolve();
  pass(ms: number): void {
    this.monotonic += ms;
    this.wall += ms;
  }
  time = (): { monotonicMs: number; wallMs: number } => ({
    monotonicMs: this.monotonic,
    wallMs: this.wall,
  });
}

describe('kubernetes/leader-term', () => {
  it('may write until the deadline after the last renewal, and not a moment longer', () => {
    const clock = new HandClock();
    const control = createTerm(clock, 10_000, clock.time(), {});
    clock.pass(9_999);
    expect(control.term.mayWrite()).toBe(true);
    clock.pass(1);
    expect(control.term.mayWrite()).toBe(false);
    control.renewed(clock.time());
    expect(control.term.mayWrite()).toBe(true);
    control.end();
    expect(control.term.mayWrite()).toBe(false);
    expect(control.term.signal.aborted).toBe(true);
  });

  it('may not write after a suspension that only the wall clock saw', () => {
    const clock = new HandClock();
    const { term } = createTerm(clock, 10_000, clock.time(), {});
    clock.wall += 40_000;
    expect(term.mayWrite()).toBe(false);
  });

  it('may not write after a freeze while the wall clock was set back', () => {
    const clock = new HandClock();
    const { term } = createTerm(clock, 10_000, clock.time(), {});
    clock.monotonic += 40_000;
    clock.wall -= 600_000;
    expect(term.mayWrite()).toBe(false);
  });
});

describe('kubernetes/lease-claim', () => {
  const held = (renewTime: string, leaseDurationSeconds = 15) =>
    leaseRecord({ spec: { holderIdentity: 'other', renewTime, leaseDurationSeconds } });

  it('waits for the whole duration from when it first saw the record as it is', () => {
    const clock = new HandClock();
    const claim = createLeaseClaim(clock, 15_000, 'me');
    claim.observe(held('a'));
    clock.pass(14_000);
    claim.observe(held('a'));
    expect(claim.waitMs(held('a'))).toBe(1_000);
    claim.observe(held('b'));
    expect(claim.waitMs(held('b'))).toBe(15_000);
  });

  it('does not believe the clock of the holder', () => {
    const clock = new HandClock();
    const claim = createLeaseClaim(clock, 15_000, 'me');
    claim.observe(held('1999-01-01T00:00:00.000000Z'));
    expect(claim.waitMs(held('1999-01-01T00:00:00.000000Z'))).toBe(15_000);
  });

  it('leaves a holder with a longer lease its right, within reason', () => {
    const claim = createLeaseClaim(new HandClock(), 15_000, 'me');
    claim.observe(held('a', 60));
    expect(claim.waitMs(held('a', 60))).toBe(60_000);
    claim.observe(held('b', 10 ** 9));
    expect(claim.waitMs(held('b', 10 ** 9))).toBe(600_000);
  });

  it('takes at once what nobody holds', () => {
    const claim = createLeaseClaim(new HandClock(), 15_000, 'me');
    expect(claim.waitMs(leaseRecord({ spec: { holderIdentity: '' } }))).toBe(0);
  });

  it('takes again at once what it holds itself, when the answer to its request was lost', () => {
    const claim = createLeaseClaim(new HandClock(), 15_000, 'other');
    claim.observe(held('a'));
    expect(claim.waitMs(held('a'))).toBe(0);
  });
});
