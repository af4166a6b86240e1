import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../lib/clock.ts';
import { createDcgmSource } from './dcgm-source.ts';

const signal = new AbortController().signal;
let server: Server;
let url: string;
let answer: (response: ServerResponse) => void;

function manualClock(): Clock & { advance(ms: number): void } {
  let ms = 0;
  return {
    now: () => 1_800_000_000_000 + ms,
    monotonicMs: () => ms,
    sleep: () => Promise.resolve(),
    advance: (by) => {
      ms += by;
    },
  };
}

/** A page as dcgm-exporter writes it, from the documented names, labels and units. */
function page(
  values: { util?: number; power?: number; energy?: number; gpus?: number } = {},
): string {
  const { util = 50, power = 100.5, energy = 1_000_000, gpus = 2 } = values;
  const family = (name: string, type: string, value: number): string =>
    [
      `# HELP ${name} Of the device.`,
      `# TYPE ${name} ${type}`,
      ...Array.from(
        { length: gpus },
        (_, gpu) =>
          `${name}{gpu="${gpu}",UUID="GPU-${gpu}",pci_bus_id="00000000:0${gpu + 1}:00.0",device="nvidia${gpu}",modelName="NVIDIA A100",hostname="node-1",DCGM_FI_DRIVER_VERSION="535.104.05",container="main",namespace="ml",pod="job-${gpu}"} ${value}`,
      ),
    ].join('\n');
  return [
    family('DCGM_FI_DEV_GPU_UTIL', 'gauge', util),
    family('DCGM_FI_DEV_MEM_COPY_UTIL', 'gauge', 20),
    family('DCGM_FI_DEV_POWER_USAGE', 'gauge', power),
    family('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', 'counter', energy),
    family('DCGM_FI_DEV_FB_USED', 'gauge', 1_024),
    family('DCGM_FI_DEV_FB_FREE', 'gauge', 39_000),
    '',
  ].join('\n');
}

const text = (body: string) => (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(body);
};

beforeEach(async () => {
  answer = text(page());
  server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('gpu/dcgm-source', () => {
  it('reads devices, readings, samples and who uses each GPU', async () => {
    const clock = manualClock();
    const source = createDcgmSource({ url, clock });
    const devices = await source.open(signal);
    const { updates } = await source.read('usage', signal);

    expect(devices).toMatchObject([
      { index: 0, uuid: 'GPU-0', model: 'NVIDIA A100', driverVersion: '535.104.05' },
      { index: 1, uuid: 'GPU-1' },
    ]);
    expect(updates[0]).toMatchObject({
      status: { up: true },
      readings: { utilPercent: 50, powerWatts: 100.5, energyJoules: 1_000 },
      samples: { util: { timesMs: [clock.now()], values: [50] }, memUsed: { values: [1_024] } },
      attribution: [{ container: 'main', namespace: 'ml', pod: 'job-0' }],
    });
    expect(source.cadence()).toEqual({
      // dcgm-exporter reads the GPUs every 30 s.
      usage: { meanMs: 5_000, randomised: true, sampleSpacingMs: 45_000 },
      memory: null,
      slow: null,
    });
  });

  it('takes a sample only when the exporter has new values, or its interval has passed', async () => {
    const clock = manualClock();
    const source = createDcgmSource({ url, clock });
    await source.open(signal);
    const sampled = async (): Promise<boolean> =>
      (await source.read('usage', signal)).updates[0]?.samples !== undefined;

    expect(await sampled()).toBe(true);
    clock.advance(5_000);
    expect(await sampled()).toBe(false);
    answer = text(page({ power: 101 }));
    clock.advance(5_000);
    expect(await sampled()).toBe(true);
    clock.advance(29_000);
    expect(await sampled()).toBe(false);
    clock.advance(1_000);
    expect(await sampled()).toBe(true);
  });

  it('reports a GPU as stale whose energy counter stands still, until it moves', async () => {
    const clock = manualClock();
    const source = createDcgmSource({ url, clock });
    await source.open(signal);
    const status = async () => (await source.read('usage', signal)).updates[0]?.status;

    expect(await status()).toEqual({ up: true });
    clock.advance(601_000);
    expect(await status()).toMatchObject({ up: false, reason: 'stale' });
    answer = text(page({ energy: 1_000_500 }));
    expect(await status()).toEqual({ up: true });
  });

  it('reports a GPU that is no longer listed, and tells of a new one', async () => {
    const source = createDcgmSource({ url, clock: manualClock() });
    await source.open(signal);
    answer = text(page({ gpus: 1 }));
    const fewer = await source.read('usage', signal);
    answer = text(page({ gpus: 3 }));
    const more = await source.read('usage', signal);

    expect(fewer.updates.map(({ status }) => status.up)).toEqual([true, false]);
    expect(fewer.devices).toBeUndefined();
    expect(more.devices?.map(({ uuid }) => uuid)).toEqual(['GPU-0', 'GPU-1', 'GPU-2']);
  });

  it('bears the empty page of a reload for a while', async () => {
    const clock = manualClock();
    const source = createDcgmSource({ url, clock });
    await source.open(signal);
    answer = text('');

    expect(await source.read('usage', signal)).toEqual({ updates: [] });
    clock.advance(30_000);
    await expect(source.read('usage', signal)).rejects.toMatchObject({ code: 'no_gpu' });
  });

  it('says of a page with names only that there are no values yet, and is to be asked again soon', async () => {
    answer = text('# HELP DCGM_FI_DEV_GPU_UTIL x\n# TYPE DCGM_FI_DEV_GPU_UTIL gauge\n');
    const source = createDcgmSource({ url, clock: manualClock() });

    await expect(source.open(signal)).rejects.toMatchObject({
      code: 'no_values',
      message: expect.stringContaining('no values yet') as string,
      retryWithinMs: 2_000,
    });
    answer = text(page());
    await source.open(signal);
    // As of a reload.
    answer = text('# HELP DCGM_FI_DEV_GPU_UTIL x\n');
    expect(await source.read('usage', signal)).toEqual({ updates: [] });
  });

  it('gives readings and samples per GPU instance', async () => {
    answer = text(readFileSync(new URL('dcgm/fixtures/mig.prom', import.meta.url), 'utf8'));
    const source = createDcgmSource({ url, clock: manualClock() });
    await source.open(signal);
    const { updates } = await source.read('usage', signal);

    expect(updates[0]).toMatchObject({
      samples: { memUsed: { values: [3_000] }, power: { values: [200.5] } },
      instances: [
        { gpuInstanceId: 1, readings: { utilPercent: 50 }, samples: { util: { values: [50] } } },
        { gpuInstanceId: 2, samples: { util: { values: [100] }, memUsed: { values: [2_000] } } },
      ],
    });
  });

  it.each<[string, string, (response: ServerResponse) => void]>([
    ['another exporter', 'bad_output', text('node_load1 0.5\n')],
    ['an HTML page', 'bad_output', text('<html><body>Sign in</body></html>')],
    ['an empty page at the start', 'no_gpu', text('')],
    ['404', 'bad_output', (response) => response.writeHead(404).end()],
    ['401', 'no_permission', (response) => response.writeHead(401).end()],
    ['503', 'unreachable', (response) => response.writeHead(503).end()],
    ['a broken connection', 'unreachable', (response) => response.destroy()],
    ['no answer', 'timeout', () => undefined],
    [
      'an endless body',
      'bad_output',
      (response) => {
        const more = Buffer.alloc(2 ** 20, 'x');
        const push = (): void => {
          while (!response.destroyed && response.write(more)) continue;
        };
        response.on('drain', push);
        push();
      },
    ],
  ])('says what %s means: %s', async (_what, code, given) => {
    answer = given;

    await expect(createDcgmSource({ url, timeoutMs: 500 }).open(signal)).rejects.toMatchObject({
      code,
      hint: expect.stringMatching(/\w/),
    });
  });

  it('does not follow where it is sent, and says where that would be', async () => {
    let requests = 0;
    answer = (response) => {
      requests += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    };
    await expect(createDcgmSource({ url }).open(signal)).rejects.toMatchObject({
      code: 'bad_output',
      message: expect.stringContaining('points to /elsewhere') as string,
    });
    expect(requests).toBe(1);
  });

  it('does not advise credentials in the URL, which the configuration refuses', async () => {
    answer = (response) => response.writeHead(401).end();
    const failure = createDcgmSource({ url }).open(signal);
    await expect(failure).rejects.toMatchObject({
      hint: expect.not.stringContaining('--dcgm.url'),
    });
  });

  it('says that nobody listens', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));

    await expect(createDcgmSource({ url }).open(signal)).rejects.toMatchObject({
      code: 'unreachable',
      hint: expect.stringContaining('--dcgm.url'),
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
});
