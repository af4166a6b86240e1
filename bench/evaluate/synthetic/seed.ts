/**
 * One 32-bit seed out of several numbers and words: FNV-1a, then the finaliser of MurmurHash3. Neighbouring inputs give unrelated seeds, so that every series
 * of an evaluation is its own, whatever the order and the number of workers.
 */
export function seedOf(...parts: readonly (number | string)[]): number {
  let hash = 0x81_1c_9d_c5;
  for (const char of parts.join('\u0000')) {
    hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01_00_01_93);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85_eb_ca_6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2_b2_ae_35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
