import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { families } from '../../src/exposition/catalogue.ts';
import { findPart } from '../support/parts/find-part.ts';
import { valuesOf } from './collector/running-collector.ts';
import { untilRead, useCollectors } from './collector/use-collectors.ts';

const { start, startUnready } = useCollectors();
const folder = mkdtempSync(join(tmpdir(), 'collector-test-'));
const simulated = ['--source', 'simulated', '--simulated.gpus', '8'];
/** What promtool finds wrong, a line each. */
async function lint(text: string): Promise<string[]> {
  const promtool = await findPart('promtool');
  try {
    execFileSync(promtool, ['check', 'metrics'], { input: text, stdio: ['pipe', 'pipe', 'pipe'] });
    return [];
  } catch (error) {
    const { stderr, stdout } = error as { stderr: Buffer; stdout: Buffer };
    return `${String(stdout)}${String(stderr)}`.split('\n').filter((line) => line !== '');
  }
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what a collector shows', () => {
  it('has every family that the simulated GPUs report, labelled as simulated', async () => {
    const collector = await start(
      ...simulated,
      '--metrics.dialects',
      'native,dcgm',
      '--analysis.interval',
      '1s',
      // The machine of the test may have a kubelet.
      '--no-pod-resources.enabled',
    );
    const text = await collector.until(
      'verdicts',
      (found) => valuesOf(found, 'gpu_usage_stall').size > 0,
      30_000,
    );
    const shown = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    const absent = families.map(({ name }) => name).filter((name) => !shown.has(name));
    // Whole GPUs with memory of their own; of verdicts what there is to say.
    const always = absent.filter((name) => !/^gpu_(usage|mig|system_memory)_/.test(name));
    expect(always.sort()).toEqual([
      'gpu_attribution_info',
      'gpu_down_reason_info',
      'gpu_fan_speed_ratio',
      'gpu_pod_info',
      'gpu_profiler_pod_devices_unmapped',
      'gpu_profiler_pod_resources_age_seconds',
      'gpu_profiler_source_down_reason_info',
      'gpu_video_clock_hertz',
    ]);
    expect(text).toMatch(/^gpu_info\{.*simulated="true"/m);
    expect(text).toMatch(/^gpu_profiler_source_info\{.*simulated="true"/m);
    for (const ratio of valuesOf(text, 'gpu_utilization_ratio').values()) {
      expect(ratio).toBeGreaterThanOrEqual(0);
      expect(ratio).toBeLessThanOrEqual(1);
    }
    // Digits that no driver gave would be noise in every body.
    expect(
      text.split('\n').filter((line) => /\.\d{7,}$/.test(line) && !line.includes('p_value')),
    ).toEqual([]);
  });

  it.skipIf(process.env['SKIP_CLUSTER'] === '1')(
    'is clean to promtool; the foreign dialect only for what its names are',
    async () => {
      const collector = await start(...simulated, '--metrics.dialects', 'native,dcgm');
      const text = await untilRead(collector);
      const problems = await lint(text);
      expect(problems.filter((line) => !line.startsWith('DCGM_'))).toEqual([]);
      // What others' dashboards ask for cannot be renamed: these are dcgm-exporter's own names.
      const kinds = new Set(problems.map((line) => line.replace(/^\S+ /, '')));
      expect([...kinds].sort()).toEqual([
        `counter metrics should have "_total" suffix`,
        `label names should be written in 'snake_case' not 'camelCase'`,
        `metric name should not include type 'counter'`,
      ]);
    },
  );

  it('shows the dcgm dialect alone when the own families are switched off', async () => {
    const collector = await start(...simulated, '--metrics.dialects', 'dcgm');
    const text = await collector.until(
      'values',
      (found) => valuesOf(found, 'DCGM_FI_DEV_GPU_UTIL').size === 8,
    );
    expect(text).toMatch(
      /^DCGM_FI_DEV_FB_USED\{gpu="0",UUID="GPU-[^"]+",device="nvidia0",modelName="[^"]+",Hostname="test-node",DCGM_FI_DRIVER_VERSION="simulated"\} \d+$/m,
    );
    expect(text).not.toMatch(/^gpu_(?!profiler_)/m);
  });

  it('gives OpenMetrics and gzip when asked', async () => {
    const collector = await start(...simulated);
    await untilRead(collector);
    const answer = await collector.get('/metrics', {
      accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5',
      'accept-encoding': 'gzip',
    });
    expect(answer.headers['content-type']).toContain('application/openmetrics-text');
    expect(answer.headers['content-encoding']).toBe('gzip');
    const text = String(gunzipSync(answer.body));
    expect(text).toMatch(/^# TYPE gpu_busy_seconds counter\n/m);
    expect(text.endsWith('# EOF\n')).toBe(true);
  });
});

describe('starting and stopping', () => {
  /** A system with these PCI devices: vendor and class. */
  const systemWith = (name: string, devices: readonly (readonly [string, string])[]): string => {
    const root = join(folder, name);
    mkdirSync(join(root, 'bus/pci/devices'), { recursive: true });
    for (const [index, [vendor, deviceClass]] of devices.entries()) {
      const device = join(root, 'bus/pci/devices', `0000:0${index}:00.0`);
      mkdirSync(device);
      writeFileSync(join(device, 'vendor'), `${vendor}\n`);
      writeFileSync(join(device, 'class'), `${deviceClass}\n`);
    }
    return root;
  };
  const noDriver = ['--source', 'nvml', '--nvml.library', join(folder, 'none.so')] as const;

  it('serves without a driver on a node without a GPU, says why, and is ready: nothing is missing', async () => {
    const root = systemWith('without', [
      ['0x8086', '0x030000'],
      ['0x10de', '0x040300'],
    ]);
    const collector = await start(...noDriver, '--path.sysfs', root, '--path.procfs', root);
    const text = await collector.until('a reason', (found) =>
      found.includes('reason="library_missing"'),
    );
    expect(valuesOf(text, 'gpu_profiler_source_up').get('')).toBe(0);
    expect((await collector.get('/readyz')).status).toBe(200);
  });

  it.each([
    ['with a GPU', [['0x10de', '0x030200']]],
    ['that does not show its devices', null],
  ] as const)(
    'serves without a driver on a node %s, says why, and is not ready',
    async (_, devices) => {
      const root = devices === null ? join(folder, 'masked') : systemWith('with', devices);
      const collector = await start(...noDriver, '--path.sysfs', root, '--path.procfs', root);
      const text = await collector.until('a reason', (found) =>
        found.includes('reason="library_missing"'),
      );
      expect(valuesOf(text, 'gpu_profiler_source_up').get('')).toBe(0);
      const ready = await collector.get('/readyz');
      expect(ready.status).toBe(503);
      expect(JSON.parse(String(ready.body))).toMatchObject({
        ok: false,
        problems: [{ code: 'library_missing' }],
      });
      expect((await collector.get('/healthz')).status).toBe(200);
    },
  );

  it('refuses a taken port with the next step, exit code 1', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const collector = startUnready(...simulated, '--web.listen-address', `127.0.0.1:${port}`);
    expect(await collector.exit).toBe(1);
    taken.close();
    expect(collector.log).toContain(`cannot listen on 127.0.0.1:${port}: it is taken`);
    expect(collector.log).toContain('--web.listen-address');
    expect(collector.log).not.toContain('    at ');
  });

  it('ends at SIGTERM, exit code 0, with a scraper connected', async () => {
    const collector = await start(...simulated);
    await untilRead(collector);
    collector.terminate();
    // 1: not stopped after the grace of 15 s.
    expect(await collector.exit).toBe(0);
  });
});
