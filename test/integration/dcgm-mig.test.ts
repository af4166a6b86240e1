import { afterEach, describe, expect, it } from 'vitest';
import {
  line,
  startPlayedExporter,
  type PlayedExporter,
} from '../support/fake-prometheus/played-exporter.ts';
import { useCollectors } from './collector/use-collectors.ts';

const { start } = useCollectors();
let exporter: PlayedExporter | undefined;
afterEach(() => exporter?.close());

/** What dcgm-exporter tells of a GPU with two GPU instances: the first rests, the second works. */
function page(timeMs: number): string {
  return [
    { id: '1', profile: '3g.20gb', active: 0, used: 10 },
    { id: '2', profile: '4g.20gb', active: 1, used: 9_000 },
  ]
    .map(({ id, profile, active, used }) => {
      const labels = {
        gpu: '0',
        UUID: 'GPU-0',
        device: 'nvidia0',
        modelName: 'NVIDIA A100-SXM4-40GB',
        GPU_I_PROFILE: profile,
        GPU_I_ID: id,
        Hostname: 'n1',
      };
      return (
        line('DCGM_FI_PROF_GR_ENGINE_ACTIVE', labels, active) +
        line('DCGM_FI_DEV_FB_USED', labels, used) +
        // Power moves all the time, so each read is a sample.
        line('DCGM_FI_DEV_POWER_USAGE', labels, 200 + (timeMs % 1_000) / 1_000)
      );
    })
    .join('');
}

describe('a collector beside dcgm-exporter and a GPU in MIG mode', () => {
  it('shows readings and a verdict of each GPU instance, and of the whole GPU', async () => {
    exporter = await startPlayedExporter(page);
    const url = `http://${exporter.target}/metrics`;
    const collector = await start('--source=dcgm', '--dcgm.url', url, '--dcgm.interval=250ms');
    const text = await collector.until(
      'verdicts of the GPU and both of its instances',
      (body) =>
        (body.match(/^gpu_mig_usage_pattern_info\{/gm) ?? []).length === 2 &&
        body.includes('\ngpu_usage_pattern_info{'),
      90_000,
    );

    const gpu = 'node="test-node",gpu="0",uuid="GPU-0"';
    const [first, second] = ['1",profile="3g.20gb"', '2",profile="4g.20gb"'].map(
      (part) => `${gpu},gpu_instance_id="${part}`,
    );
    expect(text).toContain(`gpu_mig_utilization_ratio{${first}} 0\n`);
    expect(text).toContain(`gpu_mig_memory_used_bytes{${second}} ${9_000 * 2 ** 20}\n`);
    const info = (pattern: string, jobType: string, labels: string): string =>
      `usage_pattern_info{pattern="${pattern}",job_type="${jobType}",tentative="false",${labels}} 1`;
    expect(text).toContain(`gpu_mig_${info('idle', 'Empty', first ?? '')}`);
    expect(text).toContain(`gpu_mig_${info('steady', 'Others', second ?? '')}`);
    expect(text).toContain(`gpu_${info('steady', 'Others', gpu)}`);
    // 4 of 7 compute slices.
    expect(text).toContain(`gpu_utilization_ratio{${gpu}} 0.571429\n`);
    expect(text).toContain(`gpu_memory_used_bytes{${gpu}} ${9_010 * 2 ** 20}\n`);
  }, 120_000);
});
