import { describe, expect, it } from 'vitest';
import { namePatterns } from './name-patterns.ts';

describe('lib/name-patterns', () => {
  it.each([
    [['nvidia.com/*'], 'nvidia.com/gpu', true],
    [['nvidia.com/*'], 'nvidia.com/mig-1g.10gb', true],
    [['nvidia.com/*'], 'xnvidia.com/gpu', false],
    [['nvidia.com/*'], 'nvidiaXcom/gpu', false],
    [['nvidia.com/gpu'], 'nvidia.com/gpu.shared', false],
    [['*/gpu', 'acme.com/a+b'], 'acme.com/gpu', true],
    [['*/gpu', 'acme.com/a+b'], 'acme.com/a+b', true],
    [['*/gpu', 'acme.com/a+b'], 'acme.com/aab', false],
    [['a*ba*c'], 'aba', false],
    [['a*ba*c'], 'abbac', true],
    [['n*a'], 'n', false],
    [['*a*a*a*a*a*a*a*a*b'], 'a'.repeat(300), false],
    [[], 'nvidia.com/gpu', false],
  ])('%j takes %s: %s', (patterns, resource, taken) => {
    expect(namePatterns(patterns)(resource)).toBe(taken);
  });
});
