import { describe, expect, it } from 'vitest';
import type { Series } from '../../prometheus/client.ts';
import { dcgmDialect } from './dcgm-dialect.ts';
import { FactsReader } from './gpu-facts.ts';

function series(family: string, value: string, labels: Record<string, string> = {}): Series {
  return {
    labels: { __name__: family, UUID: 'GPU-1', gpu: '0', modelName: 'A100', ...labels },
    points: [[1_000, value]],
  };
}

function facts(...all: Series[]) {
  const reader = new FactsReader(dcgmDialect, ({ UUID = null }) => UUID);
  reader.add(all);
  return reader.result().get('GPU-1');
}

describe('controller/usage/gpu-facts', () => {
  it('adds up the parts of the memory, each family once', () => {
    const parts = [
      series('DCGM_FI_DEV_FB_USED', '1000'),
      series('DCGM_FI_DEV_FB_USED', '1000', { pod: 'b' }),
      series('DCGM_FI_DEV_FB_FREE', '80000'),
    ];
    expect(facts(...parts)).toMatchObject({ model: 'A100', memoryTotalMiB: 81_000 });
    expect(facts(...parts, series('DCGM_FI_DEV_FB_RESERVED', '920'))?.memoryTotalMiB).toBe(81_920);
    expect(facts(...parts, series('DCGM_FI_DEV_FB_TOTAL', '81559'))?.memoryTotalMiB).toBe(81_559);
  });

  it('adds up the parts of one target, not those of two that were scraped at different times', () => {
    const parts = [
      series('DCGM_FI_DEV_FB_USED', '996', { instance: 'a:9400' }),
      series('DCGM_FI_DEV_FB_FREE', '80004', { instance: 'a:9400' }),
      series('DCGM_FI_DEV_FB_USED', '60996', { instance: 'b:9400' }),
      series('DCGM_FI_DEV_FB_FREE', '20004', { instance: 'b:9400' }),
    ];
    expect(facts(...parts)?.memoryTotalMiB).toBe(81_000);
    expect(facts(...parts.toReversed())?.memoryTotalMiB).toBe(81_000);
    // Of the target that tells more.
    const reserved = series('DCGM_FI_DEV_FB_RESERVED', '920', { instance: 'a:9400' });
    expect(facts(...parts, reserved)?.memoryTotalMiB).toBe(81_920);
    const halves = [parts[0]!, parts[3]!];
    expect(facts(...halves)?.memoryTotalMiB).toBeNull();
  });

  it('does not take a part for the whole, nor a value that is none', () => {
    expect(facts(series('DCGM_FI_DEV_FB_USED', '1000'))?.memoryTotalMiB).toBeNull();
    expect(facts(series('DCGM_FI_DEV_POWER_MGMT_LIMIT', 'NaN'))?.powerLimitWatts).toBeNull();
  });

  it('does not take a GPU instance for the GPU, and is the same for any order', () => {
    const whole = series('DCGM_FI_DEV_POWER_MGMT_LIMIT', '400', {
      DCGM_FI_DRIVER_VERSION: '550.1',
    });
    const other = series('DCGM_FI_DEV_POWER_MGMT_LIMIT', '400', {
      DCGM_FI_DRIVER_VERSION: '570.1',
    });
    const part = series('DCGM_FI_DEV_FB_FREE', '5', { GPU_I_ID: '2' });
    expect(facts(whole, other, part)).toEqual(facts(part, other, whole));
    expect(facts(whole, other, part)).toMatchObject({
      driverVersion: '570.1',
      powerLimitWatts: 400,
      memoryTotalMiB: null,
    });
    expect(facts(part)).toMatchObject({ model: 'A100', memoryTotalMiB: null });
  });

  it('adds up what the pods on a virtual GPU use, and takes what is free once', () => {
    const pod = (name: string, used: string): Series[] => [
      series('DCGM_FI_DEV_FB_USED', used, { pod: name, namespace: 'ml', vgpu: name }),
      series('DCGM_FI_DEV_FB_FREE', '73000', { pod: name, namespace: 'ml', vgpu: name }),
    ];
    const parts = [...pod('a', '2000'), ...pod('b', '5000'), ...pod('c', '0')];
    expect(facts(...parts)?.memoryTotalMiB).toBe(80_000);
    expect(facts(...parts.toReversed())?.memoryTotalMiB).toBe(80_000);
  });

  it.each([
    ['all', ['3g.20gb', '4g.20gb'], 40_000],
    ['some', ['3g.20gb', '1g.5gb'], null],
  ])(
    'knows the memory of instances, and of the GPU when %s slices are given out',
    (_which, profiles, total) => {
      const parts = profiles.flatMap((profile, id) => {
        const labels = { GPU_I_ID: String(id), GPU_I_PROFILE: profile };
        return [
          series('DCGM_FI_DEV_FB_USED', '5000', labels),
          series('DCGM_FI_DEV_FB_FREE', '15000', labels),
          series('DCGM_FI_DEV_POWER_MGMT_LIMIT', '400', labels),
        ];
      });
      expect(facts(...parts)).toMatchObject({ memoryTotalMiB: total, powerLimitWatts: 400 });
      expect([...(facts(...parts)?.instanceMemoryMiB ?? [])]).toEqual([
        [0, 20_000],
        [1, 20_000],
      ]);
    },
  );
});
