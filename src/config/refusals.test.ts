import { describe, expect, it } from 'vitest';
import { refusal, url, type Given } from '../../test/support/load-config.ts';
import type { Mode } from './option-spec.ts';

describe('config/load, refusals', () => {
  it.each<[string, Mode, Given, readonly string[]]>([
    ['unknown flag', 'collector', { argv: ['--sourse', 'nvml'] }, ['--sourse', '--source?']],
    ['end of a name', 'collector', { argv: ['--listen-address=:1'] }, ['--web.listen-address?']],
    [
      'flag of another mode',
      'collector',
      { argv: ['--once'] },
      ['--once', 'controller, standalone'],
    ],
    ['stray argument', 'collector', { argv: ['b.csv'] }, ['"b.csv"', 'quotes']],
    [
      'flag without value',
      'collector',
      { argv: ['--source', '--log.level=info'] },
      ['--source needs a value'],
    ],
    [
      'wrong flag value',
      'collector',
      { argv: ['--source', 'cuda'] },
      ['source: "cuda" (from flag --source)', 'auto, nvml'],
    ],
    [
      'wrong variable',
      'collector',
      { env: { GPU_PROFILER_SOURCE: 'cuda' } },
      ['from environment variable GPU_PROFILER_SOURCE'],
    ],
    ['out of range', 'collector', { argv: ['--simulated.gpus', '0'] }, ['"0"', 'from 1 to 256']],
    [
      'unknown key',
      'collector',
      { yaml: 'web:\n  listen-adress: ":1"\n' },
      ['web.listen-adress (from file /config.yaml:2)', 'web.listen-address?'],
    ],
    [
      'unknown section',
      'collector',
      { yaml: 'wep: {listen-address: ":1"}\n' },
      ['wep (from file /config.yaml:1)', 'web?'],
    ],
    [
      'dotted key',
      'collector',
      { yaml: 'web.listen-address: ":1"\n' },
      ['Nest it: web: {listen-address: …}'],
    ],
    [
      'wrong type in file',
      'collector',
      { yaml: 'web: {listen-address: 9876}\n' },
      ['web.listen-address: 9876 (from file /config.yaml:1)', 'HOST:PORT', '":9876"'],
    ],
    ['value for a section', 'collector', { yaml: 'web: 3\n' }, ['web (from file', 'holds keys']],
    [
      'twice the same key',
      'collector',
      { yaml: 'source: nvml\nsource: auto\n' },
      ['/config.yaml:2', 'not valid YAML'],
    ],
    ['no mapping', 'collector', { yaml: '- a\n' }, ['not a YAML mapping']],
    [
      'no file',
      'collector',
      { argv: ['--config.file', '/none'] },
      ['config.file: "/none" (from flag --config.file)', 'ENOENT'],
    ],
    ['missing url', 'controller', {}, ['prometheus.url is not set', '--prometheus.url']],
    [
      'dcgm without url',
      'collector',
      { argv: ['--source=dcgm'] },
      ['source dcgm needs dcgm.url', 'flag --source'],
    ],
    ['replay without files', 'collector', { argv: ['--source=replay'] }, ['needs replay.files']],
    [
      'speed without replay',
      'collector',
      { argv: ['--replay.speed=2'] },
      ['replay.speed (from flag --replay.speed) has no effect with source "auto" (from default)'],
    ],
    ['simulated with auto', 'collector', { argv: ['--simulated.gpus=2'] }, ['--source simulated']],
    [
      'window over history',
      'collector',
      { argv: ['--sampling.history=1m', '--metrics.window=2m'] },
      ['metrics.window'],
    ],
    [
      'certificate without key',
      'controller',
      { argv: [...url, '--prometheus.cert-file=c'] },
      ['belong together'],
    ],
    [
      'authorities skipped',
      'controller',
      { argv: [...url, '--prometheus.ca-file=c', '--prometheus.insecure-skip-verify'] },
      ['no effect with prometheus.insecure-skip-verify'],
    ],
    [
      'TLS over http',
      'controller',
      { argv: ['--prometheus.url=http://x', '--prometheus.ca-file=c'] },
      ['http://'],
    ],
    [
      'two credentials',
      'controller',
      {
        argv: [
          ...url,
          '--prometheus.bearer-token-file=t',
          '--prometheus.basic-auth.username=u',
          '--prometheus.basic-auth.password-file=p',
        ],
      },
      ['cannot be used at the same time'],
    ],
    [
      'user without password',
      'controller',
      { argv: [...url, '--prometheus.basic-auth.username=u'] },
      ['belong together'],
    ],
    [
      'credentials twice',
      'controller',
      {
        argv: [...url, '--prometheus.bearer-token-file=t', '--prometheus.headers=Authorization=x'],
      },
      ['Authorization of its own'],
    ],
    [
      'deadline over duration',
      'controller',
      { argv: [...url, '--lease.duration=5s'] },
      ['two leaders'],
    ],
    [
      'retry over deadline',
      'controller',
      { argv: [...url, '--lease.retry-period=12s'] },
      ['lease.retry-period'],
    ],
    [
      'a query in the address of Prometheus',
      'controller',
      { argv: ['--prometheus.url=http://x:9090/?tenant=a'] },
      ['prometheus.url', 'query', 'prometheus.headers'],
    ],
    ['ttl under interval', 'controller', { argv: [...url, '--ttl=5s'] }, ['ttl is shorter']],
    [
      'lease name without lease',
      'controller',
      { argv: [...url, '--no-lease.enabled', '--lease.name=x'] },
      ['lease.name', 'lease.enabled false'],
    ],
  ])('refuses: %s', async (_what, mode, given, expected) => {
    const text = await refusal(mode, given);
    for (const part of expected) expect(text).toContain(part);
  });

  it('tells all problems at once', async () => {
    const text = await refusal('collector', { argv: ['--nope', '--source=x'], yaml: 'x: 1\n' });
    expect(text).toMatch(/^3 problems/);
    expect(text).toMatch(/--nope[\s\S]*x \(from file[\s\S]*source: "x"/);
  });

  it('never shows credentials', async () => {
    const header = await refusal('controller', {
      argv: [...url, '--prometheus.headers', 'hunter2'],
    });
    const inUrl = await refusal('controller', { argv: ['--prometheus.url=http://me:hunter2@x'] });
    expect(header).toContain('prometheus.headers');
    expect(inUrl).toContain('prometheus.url');
    expect(header + inUrl).not.toContain('hunter2');
  });
});
