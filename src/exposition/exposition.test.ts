import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { optionsOf, type Given } from '../../test/support/exposition/exposition-options.ts';
import {
  cyclicVerdict as cyclic,
  sampleGpu as gpu,
  sampleSnapshot as snapshot,
} from '../../test/support/exposition/sample-snapshot.ts';
import { unknownModel } from '../gpu/source.ts';
import { systemClock } from '../lib/clock.ts';
import { silentLogger } from '../lib/logger.ts';
import { allFamilies } from './family-filter.ts';
import { Exposition, type ExpositionOptions } from './exposition.ts';

function exposition(
  given: Given,
  dialects: ExpositionOptions['dialects'],
  filter = allFamilies,
): Exposition {
  return new Exposition(optionsOf(given, dialects, filter));
}

async function textOf(given: Given, dialects: ExpositionOptions['dialects']): Promise<string> {
  return String((await exposition(given, dialects).scrape('text', false)).body);
}

function lines(text: string, name: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

describe('exposition/exposition', () => {
  it('shows readings in base units, with the labels of the device alone', async () => {
    const text = await textOf({ snapshot: snapshot([gpu(0)]) }, ['native']);
    const device = '{node="node-1",gpu="0",uuid="GPU-0"}';
    expect(lines(text, 'gpu_utilization_ratio')).toEqual([`gpu_utilization_ratio${device} 0.41`]);
    expect(lines(text, 'gpu_memory_used_bytes')).toEqual([
      `gpu_memory_used_bytes${device} 3145728`,
    ]);
    expect(lines(text, 'gpu_sm_clock_hertz')).toEqual([`gpu_sm_clock_hertz${device} 1980000000`]);
    expect(lines(text, 'gpu_busy_seconds_total')).toEqual([`gpu_busy_seconds_total${device} 0.3`]);
    expect(lines(text, 'gpu_utilization_window_mean_ratio')).toEqual([
      `gpu_utilization_window_mean_ratio${device} 0.333333`,
    ]);
    expect(text).not.toContain('DCGM');
  });

  it('shows what is not supported as absent with a reason, never as 0', async () => {
    const text = await textOf({ snapshot: snapshot([gpu(0)]) }, ['native', 'dcgm']);
    expect(lines(text, 'gpu_fan_speed_ratio')).toEqual([]);
    expect(lines(text, 'gpu_memory_copy_utilization_window_mean_ratio')).toEqual([]);
    expect(lines(text, 'DCGM_FI_DEV_ENC_UTIL')).toEqual([]);
    expect(lines(text, 'gpu_reading_missing_info')).toEqual([
      'gpu_reading_missing_info{family="gpu_fan_speed_ratio",reason="not_supported",node="node-1",gpu="0",uuid="GPU-0"} 1',
    ]);
  });

  it('shows a GPU that is down as such, its values gone, its facts kept', async () => {
    const status = { up: false, reason: 'gpu_lost', detail: 'code 15' } as const;
    const lost = gpu(3, {
      status,
      readings: {},
      missing: {},
      utilWindow: null,
      busySecondsTotal: null,
    });
    const text = await textOf({ snapshot: snapshot([gpu(0), lost]) }, ['native', 'dcgm']);
    const device = 'node="node-1",gpu="3",uuid="GPU-3"';
    expect(text).toContain(`gpu_up{${device}} 0\n`);
    expect(text).toContain(`gpu_down_reason_info{reason="gpu_lost",${device}} 1\n`);
    expect(text).toContain(`gpu_memory_total_bytes{${device}} 85899345920\n`);
    expect(lines(text, 'gpu_utilization_ratio')).toHaveLength(1);
    expect(lines(text, 'gpu_busy_seconds_total')).toHaveLength(1);
    expect(lines(text, 'DCGM_FI_DEV_GPU_UTIL')).toHaveLength(1);
  });

  it('leaves out the model of a GPU that does not tell it', async () => {
    const nameless = { ...gpu(0), device: { ...gpu(0).device, model: unknownModel } };
    const text = await textOf({ snapshot: snapshot([nameless]) }, ['native', 'dcgm']);
    expect(lines(text, 'gpu_info')).toHaveLength(1);
    expect(text).not.toMatch(/model/i);
  });

  it('shows the same readings as dcgm-exporter does, own families switched off', async () => {
    const text = await textOf({ snapshot: snapshot([gpu(0)]) }, ['dcgm']);
    const labels =
      '{gpu="0",UUID="GPU-0",pci_bus_id="00000000:04:00.0",device="nvidia5",modelName="NVIDIA H100",Hostname="node-1",DCGM_FI_DRIVER_VERSION="590.48.01"}';
    expect(text).toContain(`DCGM_FI_DEV_GPU_UTIL${labels} 41\n`);
    expect(text).toContain(`DCGM_FI_DEV_FB_USED${labels} 3\n`);
    expect(text).toContain(`DCGM_FI_DEV_SM_CLOCK${labels} 1980\n`);
    expect(text).toContain(`DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION${labels} 12500\n`);
    expect(text).toContain(`DCGM_FI_DEV_POWER_USAGE${labels} 312.5\n`);
    expect(text).not.toContain('gpu_up');
    expect(text).toContain('gpu_profiler_source_up 1');
  });

  it('shows a verdict so that it can be put together again', async () => {
    const verdicts = new Map([['GPU-0', cyclic]]);
    const text = await textOf({ snapshot: snapshot([gpu(0), gpu(1)]), verdicts }, ['native']);
    const device = 'node="node-1",gpu="0",uuid="GPU-0"';
    expect(lines(text, 'gpu_usage_pattern_info')).toEqual([
      `gpu_usage_pattern_info{pattern="cyclic",job_type="DLT",tentative="false",channel="util",period_publishable="true",${device}} 1`,
    ]);
    expect(text).toContain(`gpu_usage_period_seconds{${device}} 31.4\n`);
    expect(lines(text, 'gpu_usage_apparent_period_seconds')).toEqual([]);
    expect(text).toContain(`gpu_usage_period_margin_seconds{${device}} 0.6\n`);
    expect(text).toContain(`gpu_usage_slower_period_seconds{${device}} 630\n`);
    expect(text).toContain(`gpu_usage_memory_used_max_bytes{${device}} 41943040000\n`);
    expect(text).toContain(`gpu_usage_memory_copy_max_ratio{${device}} 0.6\n`);
    expect(text).toContain(`gpu_usage_as_of_timestamp_seconds{${device}} 1700000000\n`);
  });

  it('shows a period that may be an alias as apparent and nowhere else', async () => {
    const cycle = { ...cyclic.cycle!, publishable: false };
    const verdicts = new Map([['GPU-0', { ...cyclic, cycle }]]);
    const text = await textOf({ snapshot: snapshot([gpu(0)]), verdicts }, ['native']);
    for (const name of ['period', 'period_margin', 'slower_period']) {
      expect(lines(text, `gpu_usage_${name}_seconds`)).toEqual([]);
    }
    expect(text).toContain('period_publishable="false"');
    expect(lines(text, 'gpu_usage_apparent_period_seconds')).toEqual([
      `gpu_usage_apparent_period_seconds{node="node-1",gpu="0",uuid="GPU-0"} 31.4`,
    ]);
  });

  it('does not show what is not known of a period', async () => {
    const cycle = { ...cyclic.cycle!, periodMarginSeconds: Number.NaN, slowerPeriodSeconds: null };
    const verdicts = new Map([['GPU-0', { ...cyclic, cycle }]]);
    const text = await textOf({ snapshot: snapshot([gpu(0)]), verdicts }, ['native']);
    expect(lines(text, 'gpu_usage_period_seconds')).toHaveLength(1);
    expect(lines(text, 'gpu_usage_period_margin_seconds')).toEqual([]);
    expect(lines(text, 'gpu_usage_slower_period_seconds')).toEqual([]);
  });

  it('keeps labels of another exporter apart from its own', async () => {
    const attribution = [{ pod: 'p', 'exported.node': 'x', gpu: '9', container: '' }];
    const text = await textOf({ snapshot: snapshot([gpu(0, { attribution })]) }, ['native']);
    expect(lines(text, 'gpu_attribution_info')).toEqual([
      'gpu_attribution_info{pod="p",exported_node="x",node="node-1",gpu="0",uuid="GPU-0"} 1',
    ]);
  });

  it('hands out the same prepared bytes until it is refreshed', async () => {
    const given = { snapshot: snapshot([gpu(0)]) };
    const shown = exposition(given, ['native']);
    await shown.scrape('text', false);
    given.snapshot = snapshot([]);
    expect(String((await shown.scrape('text', false)).body)).toContain('GPU-0');
    shown.refresh();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(String((await shown.scrape('text', false)).body)).not.toContain('GPU-0');
  });

  it('gives OpenMetrics and gzip to who asks, the first time too, and prepares them from then on', async () => {
    const shown = exposition({ snapshot: snapshot([gpu(0)]) }, ['native']);
    shown.refresh();
    const first = await shown.scrape('openmetrics', true);
    expect(first.contentType).toContain('application/openmetrics-text; version=1.0.0');
    expect(first.gzip).toBe(true);
    expect(String(gunzipSync(first.body))).toMatch(/\n# EOF\n$/);
    shown.refresh();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const later = shown.scrape('openmetrics', true);
    expect(later).not.toBeInstanceOf(Promise);
    expect((await shown.scrape('text', false)).contentType).toContain('text/plain; version=0.0.4');
  });

  it('answers with an error when it cannot be made', async () => {
    const failing = new Exposition({
      node: 'n',
      dialects: ['native'],
      filter: allFamilies,
      clock: systemClock,
      log: silentLogger,
      observe: () => {
        throw new Error('no');
      },
      observeSelf: () => {
        throw new Error('no');
      },
    });
    await expect(failing.scrape('text', false)).rejects.toThrow('see the log');
  });

  it('leaves out what is excluded, the lines made at the scrape too', async () => {
    const filter = { include: [], exclude: ['gpu_profiler_*', 'process_*', 'gpu_memory_*'] };
    const shown = exposition({ snapshot: snapshot([gpu(0)]) }, ['native'], filter);
    const text = String((await shown.scrape('text', false)).body);
    expect(text).not.toMatch(/gpu_profiler_|process_|gpu_memory_used/);
    expect(text).toMatch(/^gpu_up\{.*^nodejs_heap_size_used_bytes 2$/ms);
  });
});
