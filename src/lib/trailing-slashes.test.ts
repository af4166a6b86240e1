import { expect, it } from 'vitest';
import { withoutTrailingSlashes } from './trailing-slashes.ts';

it.each([
  ['http://host/base//', 'http://host/base'],
  ['a/b', 'a/b'],
  ['//', ''],
  ['', ''],
])('lib/trailing-slashes: %j', (given, expected) => {
  expect(withoutTrailingSlashes(given)).toBe(expected);
});
