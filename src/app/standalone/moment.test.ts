import { describe, expect, it } from 'vitest';
import { sampleGpu } from '../../../test/support/exposition/sample-snapshot.ts';
import { momentOf } from './moment.ts';

const series = (times: number[], values: number[]) => ({
  timesSeconds: Float64Array.from(times),
  values: Float64Array.from(values),
});

describe('app/standalone/moment', () => {
  it('takes power and utilisation from when the clocks were read, not from now', () => {
    const gpu = sampleGpu(0, {
      readings: { powerWatts: 589, utilPercent: 99, smClockHertz: 345e6, temperatureCelsius: 40 },
      readAtMs: {
        powerWatts: 100_000,
        utilPercent: 100_000,
        smClockHertz: 88_000,
        temperatureCelsius: 88_000,
      },
    });
    const history = {
      power: series([87, 88.2, 95, 100], [70, 71, 400, 589]),
      util: series([88, 100], [0, 99]),
    };
    expect(momentOf(gpu, history)).toEqual({
      timeMs: 88_000,
      utilPercent: 0,
      memoryUsedMiB: null,
      powerWatts: 71,
      temperatureCelsius: 40,
      smClockMHz: 345,
    });
  });

  it('keeps memory, which is read seldom and changes little, and takes what was read together as it is', () => {
    const readAtMs = { memoryUsedBytes: 80_000, smClockHertz: 88_000, powerWatts: 88_400 };
    const readings = { memoryUsedBytes: 2 ** 30, smClockHertz: 1e9, powerWatts: 300 };
    expect(momentOf(sampleGpu(0, { readings, readAtMs }), {})).toMatchObject({
      memoryUsedMiB: 1024,
      powerWatts: 300,
      utilPercent: null,
    });
  });

  it('is absent before anything was read', () => {
    expect(momentOf(sampleGpu(0, { readings: {}, readAtMs: {} }), {})).toBeNull();
  });
});
