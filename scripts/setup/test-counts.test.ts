import { describe, expect, it } from 'vitest';
import { countTests, type VitestReport } from './test-counts.mjs';

const file = (status: string, ...tests: string[]): VitestReport => ({
  testResults: [{ status, assertionResults: tests.map((test) => ({ status: test })) }],
});

describe('scripts/setup/test-counts', () => {
  it.each([
    [
      'each test by its status',
      file('failed', 'passed', 'failed', 'skipped', 'todo'),
      1,
      [1, 1, 2],
    ],
    ['a file that cannot be loaded', file('failed'), 1, [0, 1, 0]],
    ['a hook that throws after passed tests', file('failed', 'passed'), 1, [1, 1, 0]],
    ['a failed run that blames no test', file('passed', 'passed'), 1, [1, 1, 0]],
    ['a run without a report', undefined, 0, [0, 1, 0]],
    ['a good run', file('passed', 'passed', 'passed'), 0, [2, 0, 0]],
  ])('counts %s', (_name, report, exitCode, [passed, failed, skipped]) => {
    expect(countTests(report, exitCode)).toEqual({ passed, failed, skipped });
  });
});
