import { createRandom } from '../../lib/random.ts';

/**
 * Uniform in [0, 1), a fixed function of the seed and of whole-number keys: what happens in cycle 7 of GPU 2 can be asked for
 * in any order and is always the same.
 */
export function uniformAt(seed: number, ...keys: readonly number[]): number {
  return generatorAt(seed, ...keys)();
}

/** A generator of uniform numbers that belongs to the seed and the keys. */
export function generatorAt(seed: number, ...keys: readonly number[]): () => number {
  let mixed = seed >>> 0;
  for (const key of keys) {
    mixed = Math.imul(mixed ^ (key >>> 0), 0x9e3779b1) >>> 0;
    mixed = (mixed ^ (mixed >>> 15)) >>> 0;
  }
  return createRandom(mixed);
}
