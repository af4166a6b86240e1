import { describe, expect, it } from 'vitest';
import { gpuSlices, profileSlices, wholeUtilisation } from './mig-profile.ts';

describe('lib/mig-profile', () => {
  it.each([
    ['3g.20gb', 3],
    ['7g.141gb', 7],
    ['1g.10gb+me', 1],
    ['1g.5gb.me', 1],
    ['1c.3g.20gb', 1],
    ['2c.4g.40gb', 2],
    ['', undefined],
    ['0g.5gb', undefined],
    ['whole', undefined],
  ])('%s has %s compute slices', (profile, slices) => {
    expect(profileSlices(profile)).toBe(slices);
  });

  it.each([
    ['NVIDIA A100-SXM4-40GB', [1], 7],
    ['NVIDIA A30', [1, 2], 4],
    ['NVIDIA RTX PRO 6000 Blackwell Server Edition', [1], 4],
    ['some GPU of tomorrow', [7, 7], 14],
  ])('%s with instances of %j has %d', (model, instances, slices) => {
    expect(gpuSlices(model, instances)).toBe(slices);
  });

  it('weighs instances by their slices, and knows nothing where one says nothing', () => {
    const half = { slices: 3, value: 50 };
    expect(wholeUtilisation([half, { slices: 4, value: 100 }], 'A100')).toBeCloseTo(550 / 7);
    expect(wholeUtilisation([half], 'A100')).toBeCloseTo(150 / 7);
    expect(wholeUtilisation([half, { slices: 4, value: undefined }], 'A100')).toBeUndefined();
    expect(wholeUtilisation([half, { slices: undefined, value: 1 }], 'A100')).toBeUndefined();
    expect(wholeUtilisation([], 'A100')).toBeUndefined();
  });
});
