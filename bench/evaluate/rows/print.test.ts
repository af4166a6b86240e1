import { describe, expect, it } from 'vitest';
import { missesAsText, rowsAsJson, rowsAsText } from './print.ts';
import { atMost, rateRow, valueRow } from './row.ts';

const rows = [
  rateRow('grey', { sum: 1, total: 2, alnair: 1 }),
  rateRow('null_fp_pooled', { sum: 7, total: 1000, alnair: 280 }, atMost(0.004)),
  rateRow('real', undefined, atMost(0)),
  valueRow('decision_node_ms', 12.34, { numerator: 12.34, denominator: 8 }, atMost(50)),
];

describe('evaluate/rows/print', () => {
  it('prints one JSON object with exactly the agreed keys', () => {
    const { rows: printed, ...rest } = JSON.parse(rowsAsJson(rows)) as { rows: object[] };

    expect(rest).toEqual({});
    for (const row of printed) {
      expect(Object.keys(row)).toEqual([
        'name',
        'value',
        'alnair',
        'numerator',
        'denominator',
        'low',
        'high',
        'target',
        'ok',
      ]);
    }
  });

  it('prints rows with a target first, rates as percent, and no data as no data', () => {
    const lines = rowsAsText(rows).split('\n');
    const line = (name: string) => lines.findIndex((text) => text.startsWith(name));

    expect(lines[line('null_fp_pooled')]).toMatch(/0\.700 % .*1000 .*28\.0 % .*0\.400 % .*MISSED/);
    expect(lines[line('real')]).toMatch(/no data/);
    expect(lines[line('decision_node_ms')]).toMatch(/12\.3 .*50\.0 .*ok/);
    expect(line('grey')).toBeGreaterThan(line('decision_node_ms'));
  });

  it('lists wrong answers under their row', () => {
    const text = missesAsText([
      { row: 'b', text: 'second' },
      { row: 'a', text: 'other' },
      { row: 'b', text: 'first' },
    ]);

    expect(text).toBe('\nb\n  first\n  second\n\na\n  other\n');
  });
});
