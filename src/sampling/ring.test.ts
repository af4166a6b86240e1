import { describe, expect, it } from 'vitest';
import { Ring } from './ring.ts';

const minute = 60_000;

describe('sampling/ring', () => {
  it('keeps samples in order and copies those after a time', () => {
    const ring = new Ring({ historyMs: minute, capacityMax: 1_000 });
    for (let i = 0; i < 300; i += 1) ring.push(i * 100, i);
    expect(ring.length).toBe(300);
    const { timesSeconds, values } = ring.copyAfter(29_700);
    expect([...timesSeconds]).toEqual([29.8, 29.9]);
    expect([...values]).toEqual([298, 299]);
  });

  it('drops what is older than the history, counted from the newest', () => {
    const ring = new Ring({ historyMs: 1_000, capacityMax: 1_000 });
    for (let i = 0; i <= 50; i += 1) ring.push(i * 100, i);
    expect(ring.value(0)).toBe(40);
    expect(ring.length).toBe(11);
  });

  it('drops the oldest when it is full, across many turns', () => {
    const ring = new Ring({ historyMs: minute, capacityMax: 200 });
    for (let i = 0; i < 10_000; i += 1) ring.push(i, i % 97);
    expect(ring.length).toBe(200);
    expect(ring.timeMs(0)).toBe(9_800);
    expect(ring.value(199)).toBe(9_999 % 97);
  });

  it('ignores repeats, earlier times and what is not a number', () => {
    const ring = new Ring({ historyMs: minute, capacityMax: 10 });
    expect(ring.push(1_000, 1)).toBe(true);
    expect(ring.push(1_000, 2)).toBe(false);
    expect(ring.push(900, 2)).toBe(false);
    expect(ring.push(1_100, Number.NaN)).toBe(false);
    expect(ring.push(Number.NaN, 1)).toBe(false);
    expect(ring.length).toBe(1);
    expect(ring.newestMs).toBe(1_000);
  });

  it('starts anew when the clock was set back', () => {
    const ring = new Ring({ historyMs: minute, capacityMax: 10 });
    ring.push(1_000_000, 1);
    ring.push(1_000_200, 2);
    expect(ring.push(400_000, 3)).toBe(true);
    expect(ring.length).toBe(1);
    expect(ring.newestMs).toBe(400_000);
  });

  it('is empty at first', () => {
    const ring = new Ring({ historyMs: minute, capacityMax: 10 });
    expect(ring.newestMs).toBeNull();
    expect(ring.copyAfter(0).values).toHaveLength(0);
  });

  it('agrees with a plain list, whatever is pushed', () => {
    const ring = new Ring({ historyMs: 5_000, capacityMax: 300 });
    let list: [number, number][] = [];
    let timeMs = 0;
    for (let i = 0; i < 5_000; i += 1) {
      timeMs += (i * 7919) % 41;
      if (ring.push(timeMs, i % 101)) list.push([timeMs, i % 101]);
      list = list.filter(([time]) => time >= timeMs - 5_000).slice(-300);
    }
    const copy = ring.copyAfter(-1);
    expect([...copy.values]).toEqual(list.map(([, value]) => value));
    expect([...copy.timesSeconds]).toEqual(list.map(([time]) => time / 1_000));
  });
});
