import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repeatedPage } from '../../../test/support/controller/repeated-page.ts';
import {
  codesOf,
  startUsageRig,
  type UsageRig,
} from '../../../test/support/controller/usage-rig.ts';

const { signal } = new AbortController();
let rig: UsageRig;

beforeEach(async () => {
  rig = await startUsageRig();
});
afterEach(async () => {
  await rig.close();
});

/** What our collector tells of a verdict. */
function verdict(prefix: string, labels: string, pattern: string, asOfSeconds: number): string {
  const job = pattern === 'idle' ? 'Empty' : 'Others';
  return [
    `${prefix}_usage_pattern_info{${labels},pattern="${pattern}",job_type="${job}",tentative="false"} 1`,
    `${prefix}_usage_confidence_ratio{${labels}} 0.9`,
    `${prefix}_usage_as_of_timestamp_seconds{${labels}} ${asOfSeconds}`,
    `${prefix}_usage_memory_used_max_bytes{${labels}} ${2 ** 30}`,
  ].join('\n');
}

const gpu = 'node="n1",gpu="0",uuid="GPU-0"';
const part = (id: number, profile: string): string =>
  `${gpu},gpu_instance_id="${id}",profile="${profile}"`;

function page(asOfSeconds: number): string {
  return [
    `gpu_up{${gpu}} 1`,
    `gpu_mig_info{${part(1, '3g.20gb')},compute_slices="3"} 1`,
    `gpu_mig_info{${part(2, '4g.20gb')},compute_slices="4"} 1`,
    verdict('gpu', gpu, 'steady', asOfSeconds),
    verdict('gpu_mig', part(2, '4g.20gb'), 'steady', asOfSeconds),
    verdict('gpu_mig', part(1, '3g.20gb'), 'idle', asOfSeconds),
  ].join('\n');
}

async function read(text: string, job = 'collector') {
  rig.store.series = [
    ...rig.store.series,
    ...repeatedPage(text, rig.nowSeconds, { job, instance: `${job}:9876` }),
  ];
  return await rig.source().read(['n1'], signal);
}

describe('controller/usage/instance-verdicts', () => {
  it('takes what a node says of its GPU instances', async () => {
    const fleet = await read(page(rig.nowSeconds - 20));
    const [seen, ...others] = fleet.nodes.get('n1')?.gpus ?? [];

    expect(codesOf(fleet)).toEqual([]);
    expect(others).toEqual([]);
    expect(seen?.nodeVerdict).toMatchObject({ pattern: 'steady' });
    expect(seen?.instances).toMatchObject([
      { gpuInstanceId: 1, profile: '3g.20gb', nodeVerdict: { pattern: 'idle' }, usage: null },
      {
        gpuInstanceId: 2,
        profile: '4g.20gb',
        nodeVerdict: { pattern: 'steady', jobType: 'Others', memUsedMaxMiB: 1_024 },
      },
    ]);
  });

  it('takes the newer of two, and none that is old', async () => {
    await read(page(rig.nowSeconds - 60));
    const fleet = await read(page(rig.nowSeconds - 20).replaceAll('"idle"', '"bursty"'), 'again');
    expect(fleet.nodes.get('n1')?.gpus[0]?.instances).toMatchObject([
      { nodeVerdict: { pattern: 'bursty', asOfSeconds: rig.nowSeconds - 20 } },
      { nodeVerdict: { pattern: 'steady', asOfSeconds: rig.nowSeconds - 20 } },
    ]);
    rig.store.series = [];
    const late = await read(page(rig.nowSeconds - 900));
    expect(late.nodes.get('n1')?.gpus[0]).not.toHaveProperty('instances');
  });

  it('analyses the series of instances where the node makes no verdict', async () => {
    const utilisation = (labels: string, value: number): string =>
      [`utilization_ratio{${labels}} ${value}`, `memory_used_bytes{${labels}} ${2 ** 30}`]
        .map((line) => `${labels === gpu ? 'gpu' : 'gpu_mig'}_${line}`)
        .join('\n');
    const fleet = await read(
      [
        `gpu_up{${gpu}} 1`,
        `gpu_mig_info{${part(1, '3g.20gb')}} 1`,
        utilisation(gpu, 0.25),
        utilisation(part(1, '3g.20gb'), 0.5),
      ].join('\n'),
    );
    const [seen] = fleet.nodes.get('n1')?.gpus ?? [];
    expect(new Set(seen?.usage?.channels.util?.values)).toEqual(new Set([25]));
    expect(seen?.instances).toMatchObject([{ gpuInstanceId: 1, nodeVerdict: null }]);
    expect(new Set(seen?.instances?.[0]?.usage?.channels.util?.values)).toEqual(new Set([50]));
  });
});
