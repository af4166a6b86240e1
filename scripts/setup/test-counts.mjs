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

/** A line per failure that `countTests` counts in this report: the file below `root`, the test if it was one, what it said first. */
export function failuresIn(report, root) {
  return (report?.testResults ?? [])
    .filter((file) => file.status === 'failed')
    .flatMap((file) => {
      const name = file.name.startsWith(`${root}/`) ? file.name.slice(root.length + 1) : file.name;
      const failed = (file.assertionResults ?? []).filter((test) => test.status === 'failed');
      if (failed.length === 0) return [`${name}: ${firstLine(file.message)}`];
      return failed.map((test) => {
        return `${name} > ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`;
      });
    });
}

/** The report does not say what a hook inside of a `describe` threw. */
function firstLine(text = '') {
  return text.trim().split('\n')[0] || 'a hook failed, its error is further up';
}
