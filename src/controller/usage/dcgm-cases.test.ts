import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repeatedPage } from '../../../test/support/controller/repeated-page.ts';
import {
  codesOf,
  startUsageRig,
  type UsageRig,
} from '../../../test/support/controller/usage-rig.ts';
import type { GpuUsage, UsageChannel } from '../../analysis/verdict.ts';
import type { FleetUsage, GpuObservation } from '../usage-source.ts';

const { signal } = new AbortController();
const target = { job: 'dcgm', instance: 'n1:9400', pod: 'dcgm-exporter-x' };
let rig: UsageRig;

beforeEach(async () => {
  rig = await startUsageRig();
});
afterEach(async () => {
  await rig.close();
});

const pageOf = (name: string): string =>
  readFileSync(new URL(`../../gpu/dcgm/fixtures/${name}.prom`, import.meta.url), 'utf8');

async function read(page: string, ...others: ReturnType<typeof repeatedPage>): Promise<FleetUsage> {
  rig.store.series = [...repeatedPage(page, rig.nowSeconds, target), ...others];
  return await rig.source().read(['n1'], signal);
}

function onlyGpu(fleet: FleetUsage): GpuObservation {
  const gpus = [...fleet.nodes.values()].flatMap((node) => node.gpus);
  expect(gpus).toHaveLength(1);
  return gpus[0]!;
}

/** The values that each channel has, each once. */
function valuesOf(usage: GpuUsage | null): Partial<Record<UsageChannel, number[]>> {
  return Object.fromEntries(
    Object.entries(usage?.channels ?? {}).map(([name, { values }]) => [name, [...new Set(values)]]),
  );
}

describe('controller/usage: pages of dcgm-exporter', () => {
  it('reads names in lower case', async () => {
    const fleet = await read(pageOf('lower-case'));
    const gpu = onlyGpu(fleet);

    expect(codesOf(fleet)).toEqual([]);
    expect(gpu).toMatchObject({
      index: 0,
      uuid: 'GPU-11111111-2222-3333-4444-555555555555',
      model: 'NVIDIA A100 80GB PCIe',
    });
    expect(valuesOf(gpu.usage)).toEqual({ util: [71], memUsed: [4_000] });
  });

  it.each(['old-pod-labels', 'uuid-lower-case'])('reads %s', async (name) => {
    const fleet = await read(pageOf(name));

    expect(codesOf(fleet)).toEqual([]);
    expect(Object.keys(valuesOf(onlyGpu(fleet).usage))).toEqual(['util', 'memUsed']);
    expect(onlyGpu(fleet).model).toMatch(/A100/);
  });

  it('reads a GPU in MIG mode as its instances, and as a whole', async () => {
    const fleet = await read(pageOf('mig'));
    const gpu = onlyGpu(fleet);

    expect(codesOf(fleet)).toEqual([]);
    expect(gpu.model).toBe('A100');
    expect(valuesOf(gpu.usage)).toEqual({
      util: [expect.closeTo(100 * ((0.5 * 3) / 7 + 4 / 7))],
      memUsed: [3_000],
      power: [200.5],
    });
    expect(gpu.instances).toMatchObject([
      { gpuInstanceId: 1, profile: '3g.20gb' },
      { gpuInstanceId: 2, profile: '4g.20gb' },
    ]);
    expect(gpu.instances?.map(({ usage }) => valuesOf(usage))).toEqual([
      { util: [50], memUsed: [1_000] },
      { util: [100], memUsed: [2_000] },
    ]);
  });

  it('lists a GPU in MIG mode beside a whole one', async () => {
    const whole = ['GPU_UTIL', 'FB_USED'].map(
      (name) => `DCGM_FI_DEV_${name}{gpu="1",UUID="GPU-b",modelName="A100"} 30`,
    );
    const fleet = await read([pageOf('mig'), ...whole].join('\n'));

    expect(codesOf(fleet)).toEqual([]);
    expect(fleet.nodes.get('n1')?.gpus).toMatchObject([
      { index: 0, model: 'A100', instances: [{ gpuInstanceId: 1 }, { gpuInstanceId: 2 }] },
      { index: 1, model: 'A100' },
    ]);
  });

  it('adds up instances of one scrape only, where two jobs read the exporter', async () => {
    const second = { ...target, job: 'again' };
    const fleet = await read(
      pageOf('mig'),
      ...repeatedPage(pageOf('mig'), rig.nowSeconds, second, -7),
    );

    expect(codesOf(fleet)).toEqual(['ambiguous_series']);
    expect(valuesOf(onlyGpu(fleet).usage)).toMatchObject({ memUsed: [3_000], power: [200.5] });
    expect(onlyGpu(fleet).instances).toHaveLength(2);
  });

  it('says nothing about the whole GPU while one of its instances does not tell', async () => {
    const page = pageOf('mig')
      .split('\n')
      .filter((line) => !(line.includes('GR_ENGINE') && line.includes('GPU_I_ID="2"')))
      .join('\n');
    const fleet = await read(page);

    expect(codesOf(fleet)).toEqual(['no_utilisation']);
    expect(onlyGpu(fleet).usage).toBeNull();
    expect(onlyGpu(fleet).instances?.map(({ gpuInstanceId }) => gpuInstanceId)).toEqual([1]);
  });

  it('adds up what the pods on a virtual GPU use', async () => {
    const fleet = await read(pageOf('virtual-gpu'));
    const gpu = onlyGpu(fleet);

    expect(codesOf(fleet)).toEqual([]);
    expect(valuesOf(gpu.usage)).toEqual({ util: [40], memUsed: [7_000] });
    expect(gpu.memoryTotalMiB).toBe(80_000);
  });

  it('takes what all pods that share a GPU are told of it once', async () => {
    const page = ['p0', 'p1', 'p2']
      .map((pod) => `DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-a",pod="${pod}",namespace="ns"} 30`)
      .join('\n');
    const fleet = await read(page);

    expect(codesOf(fleet)).toEqual([]);
    expect(valuesOf(onlyGpu(fleet).usage)).toEqual({ util: [30] });
  });

  it('reads the momentary power where the average is not exported', async () => {
    expect(valuesOf(onlyGpu(await read(pageOf('power-instant'))).usage)).toEqual({
      util: [50],
      power: [77],
    });
  });

  it('does not ask for families that stand in where each channel has its own', async () => {
    const page = ['GPU_UTIL', 'MEM_COPY_UTIL', 'FB_USED', 'POWER_USAGE']
      .map((name) => `DCGM_FI_DEV_${name}{gpu="0",UUID="GPU-a"} 30`)
      .join('\n');
    const asked: string[] = [];
    rig.server.answer = (query) => {
      asked.push(query.form.get('query') ?? '');
      return rig.store.answer(query);
    };
    await read(page);

    expect(asked.some((text) => text.includes('GPU_UTIL') && text.endsWith(']'))).toBe(true);
    expect(asked.filter((text) => text.includes('GR_ENGINE'))).toEqual([]);
  });

  it('reads a page with counters of OpenMetrics', async () => {
    expect(valuesOf(onlyGpu(await read(pageOf('openmetrics-total'))).usage)).toEqual({
      util: [12],
    });
  });
});
