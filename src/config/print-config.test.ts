import { describe, expect, it } from 'vitest';
import { load, url } from '../../test/support/load-config.ts';
import type { Mode } from './option-spec.ts';
import { printConfig } from './print-config.ts';

describe('config/print-config', () => {
  it.each<[Mode, readonly string[]]>([
    ['collector', ['--source=simulated', '--simulated.seed=7', '--web.listen-address=[::1]:0']],
    ['collector', ['--source=replay', '--replay.files=a b.csv,c.csv', '--log.format=json']],
    ['collector', []],
    ['standalone', ['--duration=90s', '--json']],
    ['controller', [...url, '--no-lease.enabled', '--node-selector=a=b,c', '--ttl=1h30m']],
  ])('prints a file for %s %o that gives the same settings', async (mode, argv) => {
    const first = await load(mode, { argv });
    const yaml = printConfig(mode, { ...first.settings }, { ...first.origins });
    const second = await load(mode, { yaml });
    expect({ ...second.settings, 'config.file': null }).toEqual(first.settings);
  });

  it('shows origins and leaves secrets out', async () => {
    const argv = [...url, '--prometheus.headers=X-Token=hunter2'];
    const { settings, origins } = await load('controller', {
      argv,
      env: { GPU_PROFILER_INTERVAL: '20s' },
    });
    const text = printConfig('controller', { ...settings }, { ...origins });
    expect(text).toContain('interval: "20s"  # environment variable GPU_PROFILER_INTERVAL');
    expect(text).toContain('# prometheus.headers: secret, left out (flag --prometheus.headers)');
    expect(text).not.toContain('hunter2');
  });
});
