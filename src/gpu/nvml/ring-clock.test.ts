import { describe, expect, it } from 'vitest';

import { createRandom } from '../../lib/random.ts';
import { RingClock } from './ring-clock.ts';

const periodMs = 1000 / 6;

/** Drains of a ring at irregular moments; the driver's clock starts at `bootMs`. Gives the error of the newest sample's time at each drain, ms. */
function errorsOf(options: { bootMs: number; drains: number; step?: (atMs: number) => number }) {
  const clock = new RingClock();
  const random = createRandom(5);
  const errors: number[] = [];
  let trueMs = 1_795_000_000_000;
  for (let drain = 0; drain < options.drains; drain += 1) {
    trueMs += 2000 + 100 * random();
    const stepMs = options.step?.(drain) ?? 0;
    const newestMs = Math.floor(trueMs / periodMs) * periodMs;
    const stampUs = Math.round((newestMs - options.bootMs) * 1000);
    clock.observe(stampUs, trueMs + stepMs, trueMs);
    errors.push(clock.timeOf(stampUs) - (newestMs + stepMs));
  }
  return errors;
}

describe('gpu/nvml/ring-clock', () => {
  it.each([0, 1_794_900_000_000])('converges whatever the origin of the stamps (%d)', (bootMs) => {
    const errors = errorsOf({ bootMs, drains: 30 });
    expect(Math.max(...errors)).toBeLessThan(periodMs);
    expect(Math.min(...errors)).toBeGreaterThanOrEqual(-0.01);
    expect(Math.max(...errors.slice(20))).toBeLessThan(20);
  });

  it('follows a wall clock that is set back at once, and one set forward within a minute', () => {
    const back = errorsOf({
      bootMs: 0,
      drains: 20,
      step: (drain) => (drain < 10 ? 0 : -3_600_000),
    });
    expect(Math.max(...back.map(Math.abs).slice(10))).toBeLessThan(periodMs);
    const forward = errorsOf({ bootMs: 0, drains: 60, step: (drain) => (drain < 10 ? 0 : 60_000) });
    expect(Math.abs(forward[15] ?? 0)).toBeGreaterThan(50_000);
    expect(Math.max(...forward.map(Math.abs).slice(45))).toBeLessThan(periodMs);
  });

  it('never gives a time before one that it gave', () => {
    const clock = new RingClock();
    clock.observe(1_000_000, 5150, 0);
    const first = clock.timeOf(1_000_000);
    clock.observe(1_100_000, 5100, 100);
    expect(first).toBe(5150);
    expect(clock.timeOf(1_100_000)).toBeGreaterThan(first);
    expect(clock.inOrder(5000)).toBeGreaterThan(first);
  });
});
