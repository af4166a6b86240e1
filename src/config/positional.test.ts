import { describe, expect, it } from 'vitest';
import { loadSettings } from './load.ts';
import type { Mode } from './option-spec.ts';

const load = (mode: Mode, ...argv: readonly string[]) =>
  loadSettings(mode, { argv, env: {}, readFile: () => Promise.reject(new Error('none')) });

describe('config, arguments without a flag', () => {
  it('are the files of analyze, in their order, whatever stands between them', async () => {
    const { settings } = await load('analyze', 'b, c.csv', '--json', 'a.csv', '--files', 'd.csv');

    expect(settings).toMatchObject({ files: ['b, c.csv', 'a.csv', 'd.csv'], json: true });
  });

  it('are refused where a command takes flags only', async () => {
    await expect(load('collector', 'a.csv')).rejects.toThrow(
      '"a.csv" is not expected: `collector` takes flags only',
    );
  });

  it('are not what follows an unknown flag', async () => {
    await expect(load('analyze', '--raport', 'a.html', 'b.csv')).rejects.toThrow(
      /^--raport is not a flag of `analyze`/,
    );
  });
});

describe('config of analyze', () => {
  it.each([
    [[], /^there is nothing to analyse: no file, and no prometheus\.url$/m],
    [
      ['--prometheus.url', 'http://p:9090'],
      'prometheus.url and node belong together, and only one is set (prometheus.url from flag --prometheus.url)',
    ],
    [['a.csv', '--node', 'n'], 'prometheus.url and node belong together'],
    [['a.csv', '--since', '1s'], 'since: "1s"'],
  ])('refuses %j', async (argv, message) => {
    await expect(load('analyze', ...argv)).rejects.toThrow(message);
  });

  it('takes Prometheus alone, files alone, and both', async () => {
    const server = ['--prometheus.url', 'http://p:9090', '--node', 'n', '--since', '2h'];

    expect((await load('analyze', ...server)).settings).toMatchObject({ node: 'n', since: 7.2e6 });
    expect((await load('analyze', 'a.csv')).settings).toMatchObject({ 'prometheus.url': null });
    await load('analyze', 'a.csv', ...server);
  });

  it('leaves the controller without Prometheus refused', async () => {
    await expect(load('controller')).rejects.toThrow('prometheus.url is not set, and `controller`');
  });
});
