/**
 * A seeded source of uniform numbers in [0, 1): the same seed gives the same sequence on every machine.
 * Mulberry32 (a 32-bit mixing generator in the public domain): fast, small state, good enough for surrogates and simulation, not for secrets.
 */
export function createRandom(seed: number): () => number {
  // Kept as a signed 32-bit number, which V8 holds without allocating; the sequence is the same.
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A source of standard normal numbers from a uniform one (Box-Muller, both values used). */
export function createNormal(random: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
