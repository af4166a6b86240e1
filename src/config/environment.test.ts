import { describe, expect, it } from 'vitest';
import { threadPoolSize } from './environment.ts';

describe('config/environment', () => {
  it.each([
    [undefined, 4],
    ['20', 20],
    // libuv makes that few, and no more than 1,024.
    ['2', 2],
    ['0', 1],
    ['5000', 1024],
    ['many', 4],
  ])('UV_THREADPOOL_SIZE=%s: %i threads', (size, threads) => {
    expect(threadPoolSize({ UV_THREADPOOL_SIZE: size })).toBe(threads);
  });
});
