/**
 * Counts the tests of vitest's JSON report. A file that fails without a failed test (it cannot be loaded, a hook
 * throws), a missing report, and a failed run that blames no test count as one failure each.
 */
export function countTests(report, exitCode) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report?.testResults ?? []) {
    const failedBefore = counts.failed;
    for (const test of file.assertionResults ?? []) {
      if (test.status === 'passed') counts.passed += 1;
      else if (test.status === 'failed') counts.failed += 1;
      else counts.skipped += 1;
    }
    if (file.status === 'failed' && counts.failed === failedBefore) counts.failed += 1;
  }
  if ((report === undefined || exitCode !== 0) && counts.failed === 0) counts.failed = 1;
  return counts;
}
