import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { samples } from '../../../test/support/controller/dcgm-fleet.ts';
import {
  codesOf,
  startUsageRig,
  type UsageRig,
} from '../../../test/support/controller/usage-rig.ts';
import type { FakeSeries } from '../../../test/support/fake-prometheus/fake-prometheus.ts';
import type { FleetUsage, UsageSource } from '../usage-source.ts';

const { signal } = new AbortController();
const nodes = ['node-0', 'node-1'];
let rig: UsageRig;
let usage: UsageSource;

beforeEach(async () => {
  rig = await startUsageRig();
  usage = rig.source();
});
afterEach(async () => {
  await rig.close();
});

/** Two GPUs a node; verdicts as of now by the clock of the node, or as of a fixed time. */
function node(name: string, { aheadSeconds = 0, asOf = rig.nowSeconds } = {}): FakeSeries[] {
  return [0, 1].flatMap((gpu) => {
    const values: Readonly<Record<string, string>> = {
      gpu_up: '1',
      gpu_usage_confidence_ratio: '0.9',
      gpu_usage_as_of_timestamp_seconds: String(asOf - 10 + aheadSeconds),
      gpu_usage_pattern_info: '1',
      gpu_utilization_ratio: '0.5',
    };
    return Object.entries(values).map(([family, value]) => ({
      metric: {
        node: name,
        gpu: String(gpu),
        uuid: `GPU-${name}-${gpu}`,
        instance: `${name}:9876`,
        __name__: family,
        ...(family.endsWith('_info') ? { pattern: 'steady', job_type: 'Others' } : {}),
      },
      values: samples(rig.nowSeconds, () => value),
    }));
  });
}

async function read(...series: FakeSeries[][]): Promise<FleetUsage> {
  rig.store.series = series.flat();
  return await usage.read(nodes, signal);
}

const judgedBy = (fleet: FleetUsage, name: string): string[] =>
  (fleet.nodes.get(name)?.gpus ?? []).map(({ nodeVerdict, usage: seen }) => {
    if (nodeVerdict !== null) return 'node';
    return seen === null ? 'nobody' : 'controller';
  });

describe('controller/usage/verdict-ages', () => {
  it('believes nodes whose clocks are a little off', async () => {
    const fleet = await read(
      node('node-0', { aheadSeconds: 50 }),
      node('node-1', { aheadSeconds: -90 }),
    );
    expect(fleet.problems).toEqual([]);
    expect(judgedBy(fleet, 'node-0')).toEqual(['node', 'node']);
    expect(judgedBy(fleet, 'node-1')).toEqual(['node', 'node']);
  });

  it('does not use a verdict from the future, which would never grow old, and says whose it is', async () => {
    const fleet = await read(node('node-0', { aheadSeconds: 600 }), node('node-1'));
    expect(fleet.problems).toEqual([
      expect.objectContaining({
        code: 'verdict_from_future',
        detail: 'verdicts of node-0 (2 GPUs, 595 s ahead)',
      }),
    ]);
    expect(judgedBy(fleet, 'node-0')).toEqual(['controller', 'controller']);
    expect(judgedBy(fleet, 'node-1')).toEqual(['node', 'node']);
    const last = fleet.nodes.get('node-0')?.gpus[0]?.lastSampleMs ?? 0;
    expect(last).toBeLessThanOrEqual(rig.nowSeconds * 1_000);
  });

  it('tells of a slow clock, and goes on to, for its verdicts go on', async () => {
    for (let count = 0; count < 8; count += 1) {
      const fleet = await read(node('node-0', { aheadSeconds: -600 }), node('node-1'));
      expect(codesOf(fleet)).toEqual(['verdict_too_old']);
      expect(fleet.problems[0]?.detail).toMatch(
        /^verdicts of node-0 \(2 GPUs, (595|60\d) s old\)$/,
      );
      expect(judgedBy(fleet, 'node-0')).toEqual(['controller', 'controller']);
      rig.pass(30);
    }
  });

  it('tells of a collector that is scraped and judges no more', async () => {
    const asOf = rig.nowSeconds;
    const codes: string[][] = [];
    for (let count = 0; count < 7; count += 1) {
      codes.push(codesOf(await read(node('node-0', { asOf }), node('node-1'))));
      rig.pass(30);
    }
    expect(codes.flat()).toEqual(['verdict_too_old', 'collector_stuck', 'collector_stuck']);
  });

  it('asks for no verdicts where none are wanted', async () => {
    usage = rig.source({ verdictMaxAgeMs: 0 });
    const fleet = await read(node('node-0', { aheadSeconds: 10 }));
    expect(fleet.problems).toEqual([]);
    expect(judgedBy(fleet, 'node-0')).toEqual(['controller', 'controller']);
  });
});
