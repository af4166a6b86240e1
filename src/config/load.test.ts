import { describe, expect, it } from 'vitest';
import { load, refusal, url, type Given } from '../../test/support/load-config.ts';
import { loadSettings } from './load.ts';
import type { ServerMode } from './option-spec.ts';

describe('config/load', () => {
  it('takes flag over environment over file over default, and knows where each came from', async () => {
    const { settings, origins } = await load('collector', {
      argv: ['--log.level', 'debug'],
      env: { GPU_PROFILER_LOG_LEVEL: 'warn', GPU_PROFILER_METRICS_WINDOW: '20s' },
      yaml: 'log: {level: error, format: json}\nmetrics:\n  window: 10s\n',
    });

    expect(settings['log.level']).toBe('debug');
    expect(settings['metrics.window']).toBe(20_000);
    expect(settings['log.format']).toBe('json');
    expect(settings['analysis.interval']).toBe(10_000);
    expect(origins['log.level']).toEqual({ kind: 'flag', name: '--log.level' });
    expect(origins['metrics.window']).toEqual({
      kind: 'environment',
      name: 'GPU_PROFILER_METRICS_WINDOW',
    });
    expect(origins['log.format']).toEqual({ kind: 'file', path: '/config.yaml', line: 1 });
    expect(origins['analysis.interval']).toEqual({ kind: 'default' });
  });

  it('takes a flag by its other name, but not one of another command', async () => {
    const { settings, origins } = await load('controller', {
      argv: ['--prometheus', 'http://p:9090'],
    });
    expect(settings['prometheus.url']).toContain('http');
    expect(origins['prometheus.url']).toEqual({ kind: 'flag', name: '--prometheus.url' });
    const problem = await refusal('collector', { argv: ['--prometheus', 'http://p:9090'] });
    expect(problem).toContain('--prometheus.url is not a flag of `collector`');
  });

  it('freezes the result', async () => {
    const { settings } = await load('collector', {});
    expect(Object.isFrozen(settings)).toBe(true);
    expect(Object.isFrozen(settings['metrics.dialects'])).toBe(true);
    expect(Object.isFrozen(settings['web.listen-address'])).toBe(true);
  });

  it('has defaults of its own in each mode', async () => {
    const port = async (mode: ServerMode, given: Given): Promise<unknown> =>
      (await load(mode, given)).settings['web.listen-address'];
    expect(await port('collector', {})).toEqual({ host: null, port: 9876 });
    expect(await port('controller', { argv: url })).toEqual({ host: null, port: 9877 });
    expect(await port('standalone', {})).toEqual({ host: '127.0.0.1', port: 9876 });
  });

  it('takes the file by environment, and no file that is empty for a mistake', async () => {
    const input = { argv: [], env: { GPU_PROFILER_CONFIG_FILE: '/f' } };
    const read = (text: string) =>
      loadSettings('collector', { ...input, readFile: () => Promise.resolve(text) });
    expect((await read('source: nvml\n')).settings.source).toBe('nvml');
    expect((await read('# nothing yet\n')).settings.source).toBe('auto');
    expect((await read('source:\n')).settings.source).toBe('auto');
  });

  it('collects lists, negates booleans, ignores empty variables', async () => {
    const { settings } = await load('collector', {
      argv: ['--metrics.dialects=native', '--metrics.dialects', 'dcgm', '--no-analysis.enabled'],
      env: { GPU_PROFILER_SOURCE: '' },
    });
    expect(settings['metrics.dialects']).toEqual(['native', 'dcgm']);
    expect(settings['analysis.enabled']).toBe(false);
    expect(settings.source).toBe('auto');
  });

  it('leaves alone what a file says to other commands, but checks it', async () => {
    const { settings } = await load('collector', { yaml: 'interval: 20s\nsource: nvml\n' });
    expect(settings.source).toBe('nvml');
    expect(await refusal('collector', { yaml: 'interval: 20\n' })).toContain(
      'interval: 20 (from file',
    );
  });

  it('warns of variables that look like a slip of the pen, not of those of Kubernetes', async () => {
    const { warnings } = await load('collector', {
      env: {
        GPU_PROFILER_SORCE: 'nvml',
        GPU_PROFILER_PORT_9876_TCP_ADDR: '10.0.0.1',
        GPU_PROFILER_SERVICE_HOST: '10.0.0.1',
      },
    });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/GPU_PROFILER_SORCE .* GPU_PROFILER_SOURCE\?$/);
  });

  it('lets a stronger place win over what a file sets for another source', async () => {
    const yaml = 'source: replay\nreplay: {files: [a.csv], speed: 4}\n';
    const { settings } = await load('collector', { argv: ['--source=simulated'], yaml });
    expect(settings.source).toBe('simulated');
  });
});
