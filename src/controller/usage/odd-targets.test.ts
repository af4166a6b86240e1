import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dcgmFleet, nodeNames, samples } from '../../../test/support/controller/dcgm-fleet.ts';
import { startUsageRig, type UsageRig } from '../../../test/support/controller/usage-rig.ts';

const { signal } = new AbortController();
let rig: UsageRig;

beforeEach(async () => {
  rig = await startUsageRig();
});
afterEach(async () => {
  await rig.close();
});

describe('controller/usage: odd targets', () => {
  it('keeps nodes apart whose GPUs have the same UUIDs', async () => {
    const nodes = ['node-0', 'node-1'];
    rig.store.series = nodes.flatMap((node, at) => {
      const labels = { node, gpu: '0', uuid: 'SIM-0', instance: `${node}:9876` };
      const model = ['H100', 'L4'][at]!;
      const driver_version = `570.${at}`;
      return [
        { metric: { ...labels, __name__: 'gpu_up' }, values: samples(rig.nowSeconds, () => '1') },
        {
          metric: { ...labels, __name__: 'gpu_info', model, driver_version },
          values: samples(rig.nowSeconds, () => '1'),
        },
        {
          metric: { ...labels, __name__: 'gpu_memory_total_bytes' },
          values: samples(rig.nowSeconds, () => String((at + 1) * 2 ** 34)),
        },
      ];
    });
    const fleet = await rig.source().read(nodes, signal);
    const facts = nodes.map((node) => fleet.nodes.get(node)?.gpus[0]);
    expect(facts).toMatchObject([
      { model: 'H100', driverVersion: '570.0', memoryTotalMiB: 2 ** 14 },
      { model: 'L4', driverVersion: '570.1', memoryTotalMiB: 2 ** 15 },
    ]);
  });

  it('tells of a second GPU that claims an index', async () => {
    const one = dcgmFleet(rig.nowSeconds, 2);
    const strayed = one
      .filter(({ metric }) => metric['UUID'] === 'GPU-1-1')
      .map(({ metric, values }) => ({ metric: { ...metric, UUID: 'GPU-stray' }, values }));
    rig.store.series = [...one, ...strayed];
    const fleet = await rig.source().read(nodeNames, signal);
    expect(fleet.problems).toEqual([
      expect.objectContaining({
        code: 'index_claimed_twice',
        detail: 'index 1 of node-1 by GPU-1-1, GPU-stray',
      }),
    ]);
  });
});
