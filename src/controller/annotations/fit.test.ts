import { describe, expect, it } from 'vitest';
import { isJobTypeKey, jobTypeKey, ownedKey, profileKey, staticKey } from '../annotation-keys.ts';
import { withRecord } from '../ownership.ts';
import { annotationBytes, fitAnnotations } from './fit.ts';
import { parseProfile, profileText } from './profile.ts';
import type { ProfileEntry } from './profile-entry.ts';

const entries: readonly ProfileEntry[] = [0, 1].map((i) => ({
  i,
  uuid: `GPU-${i}`,
  pattern: 'cyclic',
  tentative: true,
  periodSeconds: 14.2,
  memMaxMiB: 70_000,
  since: '2026-01-01T00:00:00Z',
}));
const nowMs = Date.parse('2026-01-02T00:00:00Z');
const rendered = {
  [jobTypeKey(0)]: 'Others',
  [jobTypeKey(1)]: 'Others',
  [profileKey]: profileText(entries, nowMs),
  [staticKey]: '{"v":1,"model":"Größe"}',
};
const wholeBytes = annotationBytes(withRecord(rendered));

describe('controller/annotations/fit', () => {
  it('counts bytes, not characters', () => {
    expect(annotationBytes({ a: 'ö' })).toBe(3);
  });

  it('leaves everything as it is where it fits, to the byte', () => {
    const { wanted, leftOut } = fitAnnotations(rendered, {}, wholeBytes);
    expect(wanted).toEqual(withRecord(rendered));
    expect(leftOut).toBeNull();
  });

  it('never takes more than there is while job types fit, and always writes those', () => {
    const small = Object.fromEntries(Object.entries(rendered).filter(([key]) => isJobTypeKey(key)));
    const smallBytes = annotationBytes(withRecord(small));
    for (let spare = wholeBytes - 1; spare >= -10; spare -= 1) {
      const { wanted, leftOut } = fitAnnotations(rendered, {}, spare);
      expect(leftOut).toMatchObject({ neededBytes: wholeBytes, spareBytes: spare });
      expect(annotationBytes(wanted)).toBeLessThanOrEqual(Math.max(spare, smallBytes));
      expect(wanted[jobTypeKey(1)]).toBe('Others');
      expect(wanted[ownedKey]?.split(',')).toHaveLength(Object.keys(wanted).length - 1);
    }
  });

  it('keeps the short text byte by byte while it says the same', () => {
    const first = fitAnnotations(rendered, {}, wholeBytes - 1).wanted;
    expect(parseProfile(first[profileKey]).entries).toEqual(
      entries.map(({ i, uuid, pattern, tentative, since }) => ({
        i,
        uuid,
        pattern,
        tentative,
        since,
      })),
    );
    const later = { ...rendered, [profileKey]: profileText(entries, nowMs + 60_000) };
    expect(fitAnnotations(later, first, wholeBytes - 1).wanted).toEqual(first);
  });
});
