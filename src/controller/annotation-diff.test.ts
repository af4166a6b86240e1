import { describe, expect, it } from 'vitest';
import { changedAnnotations } from './annotation-diff.ts';
import { isOurKey, jobTypeKey, memUtilMaxKey, profileKey } from './annotation-keys.ts';

describe('controller/annotation-diff', () => {
  it('names changed, new and removed keys and nothing else', () => {
    const current = {
      [jobTypeKey(0)]: 'DLT',
      [memUtilMaxKey(0)]: '40',
      [profileKey]: 'same',
      'ai.centaurus.io/other': 'x',
    };
    const wanted = { [jobTypeKey(0)]: 'Others', [jobTypeKey(1)]: 'Empty', [profileKey]: 'same' };
    expect(changedAnnotations(current, wanted)).toEqual({
      [jobTypeKey(0)]: 'Others',
      [jobTypeKey(1)]: 'Empty',
      [memUtilMaxKey(0)]: null,
    });
    expect(changedAnnotations(wanted, wanted)).toEqual({});
  });

  it('never names a key that is not ours, even when told to', () => {
    expect(changedAnnotations({}, { 'ai.centaurus.io/other': 'x', label: 'y' })).toEqual({});
  });

  it.each([
    ['ai.centaurus.io/GPU-0-job-type', true],
    ['ai.centaurus.io/GPU-12-mem-util-max', true],
    ['ai.centaurus.io/gpu-profile', true],
    ['ai.centaurus.io/gpu-static', true],
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
