import { describe, expect, it } from 'vitest';
import { countTests, failuresIn, type VitestReport } from './test-counts.mjs';

const file = (status: string, ...tests: string[]): VitestReport => ({
  testResults: [
    { name: '/here/a.test.ts', status, assertionResults: tests.map((test) => ({ status: test })) },
  ],
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

  it('names what failed: tests, and files that could not run theirs', () => {
    const report: VitestReport = {
      testResults: [
        { name: '/here/good.test.ts', status: 'passed', assertionResults: [{ status: 'passed' }] },
        {
          name: '/here/hook.test.ts',
          status: 'failed',
          message: 'etcd ended while it was starting\n  at somewhere',
          assertionResults: [{ status: 'skipped' }],
        },
        { name: '/elsewhere/inner-hook.test.ts', status: 'failed', message: '' },
        {
          name: '/here/one.test.ts',
          status: 'failed',
          assertionResults: [
            { status: 'passed' },
            {
              status: 'failed',
              fullName: 'sums adds',
              failureMessages: ['Error: 3 is not 4\n at x'],
            },
          ],
        },
      ],
    };
    expect(failuresIn(report, '/here')).toEqual([
      'hook.test.ts: etcd ended while it was starting',
      '/elsewhere/inner-hook.test.ts: a hook failed, its error is further up',
      'one.test.ts > sums adds: Error: 3 is not 4',
    ]);
    expect(failuresIn(undefined, '/here')).toEqual([]);
  });
});
