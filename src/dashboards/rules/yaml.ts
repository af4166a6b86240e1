import type { AlertRule, RecordingRule, RuleGroup } from './rule.ts';

const head = '# Made by `npm run generate` from src/dashboards/rules. Do not edit.\n';

/** A rule file of Prometheus. Strings are JSON strings, which YAML reads alike. */
export function recordingFile(groups: readonly RuleGroup<RecordingRule>[]): string {
  return file(groups, ({ record, expr, help }) => [
    ...comment(help),
    `- record: ${record}`,
    `  expr: ${JSON.stringify(expr)}`,
  ]);
}

/** As `recordingFile`; the reason for each threshold is a comment above it. */
export function alertFile(
  groups: readonly RuleGroup<AlertRule>[],
  runbookUrlOf: (alert: string) => string,
): string {
  return file(groups, (rule) => [
    ...comment(rule.because),
    `- alert: ${rule.alert}`,
    `  expr: ${JSON.stringify(rule.expr)}`,
    `  for: ${rule.for}`,
    '  labels:',
    `    severity: ${rule.severity}`,
    '  annotations:',
    `    summary: ${JSON.stringify(rule.summary)}`,
    `    description: ${JSON.stringify(rule.description)}`,
    `    runbook_url: ${JSON.stringify(runbookUrlOf(rule.alert))}`,
  ]);
}

function file<Rule>(
  groups: readonly RuleGroup<Rule>[],
  linesOf: (rule: Rule) => readonly string[],
): string {
  const lines = groups.flatMap(({ name, interval, rules }) => [
    `  - name: ${name}`,
    `    interval: ${interval}`,
    '    rules:',
    ...rules.flatMap((rule) => linesOf(rule).map((line) => `      ${line}`)),
  ]);
  return `${head}groups:\n${lines.join('\n')}\n`;
}

const lineWidth = 110;

function comment(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= lineWidth) lines.push(`# ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
