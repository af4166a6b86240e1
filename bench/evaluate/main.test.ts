import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const main = new URL('main.ts', import.meta.url).pathname;

function evaluate(...argv: readonly string[]) {
  return spawnSync(process.execPath, [main, ...argv], { encoding: 'utf8' });
}

describe('npm run evaluate', () => {
  it('prints one JSON object on stdout and progress on stderr', () => {
    const { stdout, stderr, status } = evaluate(
      '--synthetic',
      '--json',
      '--no-cost',
      '--effort',
      '0.001',
    );
    const { rows } = JSON.parse(stdout) as { rows: { name: string; value: number }[] };
    const names = rows.map(({ name }) => name);

    expect(status).toBe(0);
    expect(stderr).toContain('evaluate: 100 %');
    expect(names).toEqual(
      expect.arrayContaining([
        'null_fp_pooled',
        'null_fp_worst_family',
        'clean_8cycles_right',
        'clean_4_5cycles_found',
        'clean_4_5cycles_right',
        'degraded_found',
        'degraded_right',
        'alias_wrong_published',
      ]),
    );
    expect(new Set(names).size).toBe(names.length);
  }, 60_000);

  it('says how it is used', () => {
    expect(evaluate('--help')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('npm run evaluate -- DIR'),
    });
    const { stdout, stderr, status } = evaluate('/nowhere/at/all');

    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('/nowhere/at/all has neither series/*.csv nor labels.csv');
  });
});
