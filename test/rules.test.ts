import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import {
  alertGroups,
  recordingGroups,
  ruleFiles,
  runbookUrlOf,
} from '../src/dashboards/rule-files.ts';
import { labelsByFamily } from './support/promql/families.ts';
import { checkLabels } from './support/promql/labels.ts';

const root = join(import.meta.dirname, '..');
const alerts = alertGroups.flatMap(({ rules }) => rules);
const records = recordingGroups.flatMap(({ rules }) => rules);

describe('recording rules', () => {
  it.each(records.map((rule) => [rule.record, rule] as const))(
    '%s: uses what exists and has the labels it says',
    (_name, { expr, labels }) => {
      const report = checkLabels(expr, labelsByFamily);
      expect(report.faults).toEqual([]);
      expect(new Set(report.labels)).toEqual(new Set(labels));
    },
  );
});

describe('alerts', () => {
  it.each(alerts.map((rule) => [rule.alert, rule] as const))(
    '%s: uses what exists, in its words too',
    (_name, { expr, summary, description, because }) => {
      const { faults, labels } = checkLabels(expr, labelsByFamily);
      expect(faults).toEqual([]);
      for (const [, name] of `${summary} ${description}`.matchAll(/\$labels\.(\w+)/g)) {
        expect(labels).toContain(name);
      }
      expect(because).toMatch(/.{30,}/);
    },
  );

  it('have names of their own', () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  });

  it('have each a section in the runbook, and the runbook has no other', () => {
    const text = readFileSync(join(root, 'docs', 'RUNBOOK.md'), 'utf8');
    const sections = new Map(
      text
        .split(/^## /m)
        .slice(1)
        .map((section) => [section.split('\n')[0] ?? '', section] as const),
    );
    expect([...sections.keys()].toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
    for (const { alert, severity } of alerts) {
      const section = sections.get(alert) ?? '';
      expect(section, `section of ${alert}`).toContain(`Severity: ${severity}`);
      for (const part of ['**Means.**', '**Look.**', '**Do.**']) {
        expect(section, `section of ${alert}`).toContain(part);
      }
      expect(runbookUrlOf(alert)).toBe(`docs/RUNBOOK.md#${alert.toLowerCase()}`);
    }
  });
});

describe('rule files', () => {
  it('are YAML that says what the rules say', () => {
    const written = load(ruleFiles['alerts.yaml']()) as { groups: { rules: object[] }[] };
    expect(written.groups.flatMap(({ rules }) => rules)).toEqual(
      alerts.map(({ alert, expr, for: time, severity, summary, description }) => ({
        alert,
        expr,
        for: time,
        labels: { severity },
        annotations: { summary, description, runbook_url: runbookUrlOf(alert) },
      })),
    );
    const recorded = load(ruleFiles['recording.yaml']()) as typeof written;
    expect(recorded.groups.flatMap(({ rules }) => rules)).toEqual(
      records.map(({ record, expr }) => ({ record, expr })),
    );
  });
});
