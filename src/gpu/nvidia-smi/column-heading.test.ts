import { describe, expect, it } from 'vitest';
import { parseColumnHeading } from './column-heading.ts';

describe('gpu/nvidia-smi/column-heading', () => {
  it.each([
    ['uuid', 'uuid', ''],
    [' memory.used [MiB] ', 'memory.used', 'MiB'],
    ['power.draw[W]', 'power.draw', 'W'],
    ['a [b] [c]', 'a [b]', 'c'],
    ['[x', '[x', ''],
    ['x]', 'x]', ''],
    ['[]', '', ''],
    ['', '', ''],
  ])('%j', (cell, field, unit) => {
    expect(parseColumnHeading(cell)).toEqual({ field, unit });
  });
});
