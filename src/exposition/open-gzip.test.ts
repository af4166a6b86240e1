import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { closeGzip, openGzip } from './open-gzip.ts';

describe('exposition/open-gzip', () => {
  it.each([
    ['', ''],
    ['a', ''],
    ['', 'z'],
    ['gpu_up 1\n'.repeat(20_000), 'scrapes 7\n'],
  ])('%.12j with %j is one member that unpacks to both', (body, end) => {
    const open = openGzip(Buffer.from(body));
    const packed = closeGzip(open, Buffer.from(end));
    expect(String(gunzipSync(packed))).toBe(body + end);
    // The same start takes another end.
    expect(String(gunzipSync(closeGzip(open, Buffer.from('other'))))).toBe(`${body}other`);
    // Readers that take the first member only, as browsers do, get all of it.
    expect(packed.indexOf(Buffer.from([0x1f, 0x8b, 8]), 1)).toBe(-1);
  });

  it('refuses an end that one block cannot hold', () => {
    expect(() => closeGzip(openGzip(Buffer.from('a')), Buffer.alloc(70_000))).toThrow(RangeError);
  });
});
