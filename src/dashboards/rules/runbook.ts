/** Where the runbook stands. A chart value may put an address of one's own in place of this prefix. */
const runbook = 'docs/RUNBOOK.md';

/** Each alert has a heading of its name there. */
export function runbookUrlOf(alert: string): string {
  return `${runbook}#${alert.toLowerCase()}`;
}
