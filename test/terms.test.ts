import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { patternTerms } from '../src/analysis/pattern-terms.ts';
import { stateName } from '../src/app/analyze/words.ts';
import { stateTerms } from '../src/app/standalone/usage-state.ts';
import { dashboards } from '../src/dashboards/dashboards.ts';
import { patternColors, patternMapping, patterns } from '../src/dashboards/patterns.ts';

const term = patternTerms['alloc-idle'];

/** Texts for people in a dashboard: titles, descriptions, legends, names of states; no expressions. */
function textsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const isText = ['title', 'description', 'legendFormat', 'text', 'displayName'].includes(key);
    return typeof inner === 'string' ? (isText ? [inner] : []) : textsIn(inner);
  });
}

describe('one term for memory that is held for nothing', () => {
  it('is the same on terminal and page, in analyze, in legends and states of dashboards', () => {
    expect(stateTerms['held-idle']).toBe(term);
    expect(stateName({ pattern: 'alloc-idle', stall: false })).toBe(term);
    for (const [name, shown] of Object.entries(patternTerms)) {
      const look = patterns[name];
      if (look === undefined) continue;
      expect(look.term ?? name).toBe(shown);
      expect(Object.entries(patternMapping.options)).toContainEqual([
        String(look.code),
        expect.objectContaining({ text: shown }),
      ]);
      expect(patternColors[shown]).toBe(look.color);
    }
  });

  it.each(Object.entries(dashboards))('dashboard %s has no other', (_name, dashboard) => {
    const texts = textsIn(dashboard).join('\n');
    expect(texts).not.toMatch(/alloc-idle|held but idle|held-idle/i);
  });

  it('and the README has no other', () => {
    const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
    expect(readme).toMatch(/held idle/);
    expect(readme).not.toMatch(/held but idle|held-idle/i);
  });

  it('schedulers are warned of Empty, and told which field to read', () => {
    const text = readFileSync(join(import.meta.dirname, '..', 'docs', 'ANNOTATIONS.md'), 'utf8');
    const warning = /\*\*Schedulers: `Empty` is not "free"\.\*\*[^#]*/.exec(text)?.[0] ?? '';
    expect(warning).toContain('"pattern":"alloc-idle"');
    expect(warning).toContain('memMaxMiB');
  });
});
