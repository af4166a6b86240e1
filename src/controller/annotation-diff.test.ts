import { describe, expect, it } from 'vitest';
import { changedAnnotations } from './annotation-diff.ts';
import {
  isOurKey,
  jobTypeKey,
  memUtilMaxKey,
  ownedKey,
  profileKey,
  staticKey,
} from './annotation-keys.ts';
import { withRecord } from './ownership.ts';

describe('controller/annotation-diff', () => {
  const record = (...names: string[]): object => ({ [ownedKey]: names.join(',') });

  it('names changed, new and removed keys and the record of them, and nothing else', () => {
    const current = {
      [jobTypeKey(0)]: 'DLT',
      [memUtilMaxKey(0)]: '40',
      [profileKey]: 'same',
      'ai.centaurus.io/other': 'x',
      ...record('GPU-0-job-type', 'GPU-0-mem-util-max', 'gpu-profile'),
    };
    const wanted = { [jobTypeKey(0)]: 'Others', [jobTypeKey(1)]: 'Empty', [profileKey]: 'same' };
    expect(changedAnnotations(current, wanted)).toEqual({
      [jobTypeKey(0)]: 'Others',
      [jobTypeKey(1)]: 'Empty',
      [memUtilMaxKey(0)]: null,
      ...record('GPU-0-job-type', 'GPU-1-job-type', 'gpu-profile'),
    });
    expect(changedAnnotations(withRecord(wanted), wanted)).toEqual({});
  });

  it('sends the record with every change, so that no edit of it since we read can leave a key out', () => {
    const current = { [jobTypeKey(0)]: 'DLT', ...record('GPU-0-job-type') };
    expect(changedAnnotations(current, { [jobTypeKey(0)]: 'Others' })).toEqual({
      [jobTypeKey(0)]: 'Others',
      ...record('GPU-0-job-type'),
    });
  });

  it('writes the record alone where only that is missing, once', () => {
    const wanted = { [jobTypeKey(0)]: 'DLT' };
    const changes = changedAnnotations(wanted, wanted);
    expect(changes).toEqual(record('GPU-0-job-type'));
    expect(changedAnnotations({ ...wanted, [ownedKey]: 'GPU-0-job-type' }, wanted)).toEqual({});
  });

  it('removes the record with the last key, and nothing that is not recorded', () => {
    const foreign = { [jobTypeKey(7)]: 'theirs', [staticKey]: 'theirs' };
    const current = { ...foreign, [jobTypeKey(0)]: 'DLT', ...record('GPU-0-job-type') };
    expect(changedAnnotations(current, {})).toEqual({ [jobTypeKey(0)]: null, [ownedKey]: null });
    expect(changedAnnotations(foreign, {})).toEqual({});
  });

  it('never names a key that is not in our form, even when told to', () => {
    expect(changedAnnotations({}, { 'ai.centaurus.io/other': 'x', label: 'y' })).toEqual({});
    const lies = { 'ai.centaurus.io/other': 'x', label: 'y', ...record('other', '../label') };
    expect(changedAnnotations(lies, {})).toEqual({ [ownedKey]: null });
  });

  it.each([
    ['ai.centaurus.io/GPU-0-job-type', true],
    ['ai.centaurus.io/GPU-12-mem-util-max', true],
    ['ai.centaurus.io/gpu-profile', true],
    ['ai.centaurus.io/gpu-static', true],
    ['ai.centaurus.io/gpu-profiler-owned', true],
    ['ai.centaurus.io/GPU-x-job-type', false],
    ['ai.centaurus.io/GPU-01-job-type', false],
    ['ai.centaurus.io/GPU-0-job-type-hint', false],
    ['ai.centaurus.io/gpu-profile-owner', false],
    ['x.ai.centaurus.io/gpu-profile', false],
    ['ai-centaurus.io/gpu-profile', false],
  ])('%s: ours %s', (key, ours) => {
    expect(isOurKey(key)).toBe(ours);
  });
});
