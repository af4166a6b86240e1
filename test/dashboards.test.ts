import { describe, expect, it } from 'vitest';
import { dashboards, dashboardText } from '../src/dashboards/dashboards.ts';
import { pageNames } from '../src/dashboards/grafana/links.ts';
import {
  everything,
  interpolate,
  panelQueries,
  panelsOf,
} from './support/dashboards/expressions.ts';
import { labelsByFamily } from './support/promql/families.ts';
import { checkLabels } from './support/promql/labels.ts';

const queries = panelQueries();

/** Labels named in a legend. */
function labelsIn(legend: string): string[] {
  return [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '');
}

describe('expressions of the dashboards', () => {
  it.each(queries.map((query) => [query.where, query] as const))(
    '%s: names families and labels that exist',
    (_where, { target, panel }) => {
      const { faults, labels } = checkLabels(
        interpolate(target.expr, everything, { rateInterval: '1m', range: '1h' }),
        labelsByFamily,
      );
      expect(faults).toEqual([]);
      for (const name of labelsIn(target.legendFormat ?? '')) expect(labels).toContain(name);
      if (panel.type !== 'table') return;
      // Every label is either shown under a heading or hidden; else Grafana shows a column that nobody named.
      const { renameByName, excludeByName } = organizeOf(panel.transformations ?? []);
      const known = new Set([...Object.keys(renameByName), ...Object.keys(excludeByName)]);
      expect([...(labels ?? [])].filter((name) => !known.has(name))).toEqual([]);
    },
  );

  it('use only variables that their page has', () => {
    const unknown = queries.flatMap(({ page, target, where }) => {
      const names = new Set(dashboards[page].templating.list?.map(({ name }) => name));
      return [...target.expr.matchAll(/\$(\w+)/g)]
        .map(([, name = '']) => name)
        .filter((name) => !name.startsWith('__') && !names.has(name))
        .map((name) => `${where}: ${name}`);
    });
    expect(unknown).toEqual([]);
  });
});

interface Organize {
  readonly renameByName: Readonly<Record<string, string>>;
  readonly excludeByName: Readonly<Record<string, boolean>>;
}

function organizeOf(transformations: readonly { id: string; options: unknown }[]): Organize {
  return transformations.find(({ id }) => id === 'organize')?.options as Organize;
}

describe.each(pageNames)('dashboard %s', (name) => {
  const panels = panelsOf(name);

  it('has words for every panel: title, conclusion, action, what no data means, unit', () => {
    for (const panel of panels) {
      expect(panel.title).toMatch(/\S{2}/);
      expect(panel.description, `${panel.title}`).toMatch(
        /^.{20,}\n\n\*\*What to do:\*\* .{10,}$/s,
      );
      expect(panel.fieldConfig.defaults.noValue, `${panel.title}`).toMatch(/.{15,}/);
      expect(panel.fieldConfig.defaults.unit, `${panel.title}`).toBeTruthy();
    }
    const titles = panels.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('places panels side by side without overlap, and gives each a number of its own', () => {
    const taken = new Set<string>();
    const ids = dashboards[name].panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { gridPos, title = '' } of dashboards[name].panels) {
      const { x, y, w, h } = gridPos ?? { x: -1, y: 0, w: 0, h: 0 };
      expect(x + w, `${title} is too wide`).toBeLessThanOrEqual(24);
      for (let column = x; column < x + w; column += 1) {
        for (let row = y; row < y + h; row += 1) {
          expect(taken.has(`${column} ${row}`), `${title} covers another`).toBe(false);
          taken.add(`${column} ${row}`);
        }
      }
    }
  });

  it('asks the chosen data source everywhere, and links to the other pages', () => {
    for (const { datasource, targets } of panels) {
      for (const { uid } of [datasource, ...targets.map((target) => target.datasource)] as {
        uid: string;
      }[]) {
        expect(uid).toBe('${datasource}');
      }
    }
    const tags = dashboards[name].tags ?? [];
    expect(dashboards[name].links?.flatMap((link) => link.tags)).toEqual(tags);
  });

  it('leads only to pages and variables that exist', () => {
    const text = dashboardText(dashboards[name]);
    for (const [, uid = '', variables = ''] of text.matchAll(/\/d\/([\w-]+)\?([^"\\]*)/g)) {
      const target = Object.values(dashboards).find((page) => page.uid === uid);
      const known = new Set(target?.templating.list?.map((variable) => variable.name));
      for (const [, variable = ''] of variables.matchAll(/var-(\w+)=/g)) {
        expect(known, `variable of ${uid}`).toContain(variable);
      }
    }
  });
});
