import { describe, expect, it } from 'vitest';
import { jobTypeKey, memUtilMaxKey, ownedKey, profileKey, staticKey } from './annotation-keys.ts';
import { ownedAnnotations, ownedKeys, withRecord } from './ownership.ts';

const profile = '{"v":1,"asOf":"x","gpus":[{"i":0,"uuid":"A","pattern":"idle","since":"x"}]}';
const all = {
  [jobTypeKey(0)]: 'Empty',
  [memUtilMaxKey(0)]: '3',
  [jobTypeKey(7)]: 'theirs',
  [profileKey]: profile,
  [staticKey]: '{}',
  'ai.centaurus.io/hint': 'theirs',
  'other.io/gpu-profile': 'theirs',
};
const evident = [jobTypeKey(0), memUtilMaxKey(0), profileKey, staticKey];

function owned(record: string | null, without: readonly string[] = []): readonly string[] {
  const kept = Object.entries(all).filter(([key]) => !without.includes(key));
  const found = { ...Object.fromEntries(kept), ...(record === null ? {} : { [ownedKey]: record }) };
  return [...ownedKeys(found)].sort();
}

describe('controller/ownership', () => {
  it.each([
    ['what the record names', 'GPU-0-job-type,gpu-profile', [jobTypeKey(0), profileKey]],
    [
      'also where somebody put spaces',
      ' GPU-7-job-type , gpu-profile',
      [jobTypeKey(7), profileKey],
    ],
    ['not what is not there', 'GPU-0-job-type,GPU-3-job-type', [jobTypeKey(0), profileKey]],
    ['nothing that lacks our form', 'GPU-0-job-type,hint,x/y', [jobTypeKey(0), profileKey]],
  ])('is %s', (_, record, expected) => {
    expect(owned(record)).toEqual([...expected].sort());
  });

  it.each([null, '', 'garbage', '{"v":1}', 'hint', 'ai.centaurus.io/hint', ',,,'])(
    'is what gpu-profile speaks of where the record says nothing: %j',
    (record) => {
      expect(owned(record)).toEqual([...evident].sort());
      expect(owned(record, [profileKey])).toEqual([]);
    },
  );

  it('goes without a profile that cannot be read', () => {
    const broken = { ...all, [profileKey]: 'broken' };
    expect(ownedKeys(broken).size).toBe(0);
    expect(ownedAnnotations({ ...broken, [ownedKey]: 'gpu-profile' })).toEqual({
      [profileKey]: 'broken',
    });
  });

  it('is recorded in one order, without the domain, and not at all where there is nothing', () => {
    const wanted = { [staticKey]: 's', [jobTypeKey(10)]: 'a', [jobTypeKey(2)]: 'b' };
    expect(withRecord(wanted)).toEqual({
      ...wanted,
      [ownedKey]: 'GPU-10-job-type,GPU-2-job-type,gpu-static',
    });
    expect(withRecord(withRecord(wanted))).toEqual(withRecord(wanted));
    expect(withRecord({})).toEqual({});
  });
});
