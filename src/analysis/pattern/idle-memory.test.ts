import { describe, expect, it } from 'vitest';
import { idleMemoryMiB } from './idle-memory.ts';

describe('analysis/pattern/idle-memory', () => {
  it.each([
    [undefined, 600],
    [24_000, 600],
    [80_000, 1600],
  ])('of a GPU with %s MiB: %d MiB', (total, expected) => {
    expect(idleMemoryMiB(total)).toBe(expected);
  });
});
