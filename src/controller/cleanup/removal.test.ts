import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOurKey, jobTypeKey, ownedKey, profileKey } from '../annotation-keys.ts';
import { withRecord } from '../ownership.ts';
import { keysOfOthers, keysToRemove, removalPatch } from './removal.ts';

const node = (annotations: Record<string, string>) => ({
  name: 'n',
  uid: 'u',
  resourceVersion: '7',
  annotations,
});

describe('controller/cleanup/removal', () => {
  it('names what is recorded and the record, from this state of the node alone', () => {
    const ours = withRecord({ [jobTypeKey(0)]: 'DLT', [profileKey]: 'p' });
    expect(removalPatch(node({ ...ours, [jobTypeKey(7)]: 'theirs', other: 'x' }))).toEqual({
      name: 'n',
      uid: 'u',
      resourceVersion: '7',
      annotations: { [jobTypeKey(0)]: null, [profileKey]: null, [ownedKey]: null },
    });
    expect(removalPatch(node({ [jobTypeKey(7)]: 'theirs' }))).toBeNull();
    expect(keysOfOthers(node({ ...ours, [jobTypeKey(7)]: 'theirs' }))).toEqual([jobTypeKey(7)]);
  });

  it('takes a record away that names nothing, and nothing with it', () => {
    const broken = node({ [ownedKey]: 'scheduler-hint', 'ai.centaurus.io/scheduler-hint': 'x' });
    expect(keysToRemove(broken)).toEqual([ownedKey]);
  });

  it('leaves nothing of ours and everything of others, whatever is found (property)', () => {
    const names = [
      'GPU-0-job-type',
      'GPU-12-mem-util-max',
      'gpu-static',
      'hint',
      'GPU-00-job-type',
    ];
    const keys = names.map((name) => `ai.centaurus.io/${name}`);
    const values = fc.dictionary(fc.constantFrom(...keys, 'plain'), fc.string());
    const record = fc.oneof(fc.string(), fc.subarray(names).map(String), fc.constant(null));
    fc.assert(
      fc.property(values, record, (found, text) => {
        const before = { ...found, ...(text === null ? {} : { [ownedKey]: text }) };
        const removed = new Set(keysToRemove(node(before)));
        expect([...removed].filter((key) => !isOurKey(key))).toEqual([]);
        const after = Object.fromEntries(
          Object.entries(before).filter(([key]) => !removed.has(key)),
        );
        expect(removalPatch(node(after))).toBeNull();
        const named = new Set((text ?? '').split(',').map((name) => name.trim()));
        const unnamed = Object.keys(found).filter((key) => !named.has(key.split('/')[1] ?? ''));
        expect(unnamed.filter((key) => after[key] !== found[key])).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
