import { dashboards, type Panel, type Target } from '../../../src/dashboards/dashboards.ts';
import type { PageName } from '../../../src/dashboards/grafana/links.ts';

export interface PanelQuery {
  readonly page: PageName;
  readonly panel: Panel;
  readonly target: Target;
  /** page / panel / letter, for messages. */
  readonly where: string;
}

/** The panels of a page, without its rows. */
export function panelsOf(page: PageName): readonly Panel[] {
  return dashboards[page].panels.filter((panel): panel is Panel => panel.type !== 'row');
}

/** Every query of every panel. */
export function panelQueries(): readonly PanelQuery[] {
  return (Object.keys(dashboards) as PageName[]).flatMap((page) =>
    panelsOf(page).flatMap((panel) =>
      panel.targets.map((target) => ({
        page,
        panel,
        target,
        where: `${page} / ${panel.title} / ${target.refId}`,
      })),
    ),
  );
}

/** What Grafana puts in for a variable when "all" is chosen. */
export const everything: Readonly<Record<string, string>> = {
  cluster: '.*',
  node: '.+',
  gpu: '.+',
  namespace: '.+',
  pod: '.+',
};

/** An expression as Grafana sends it. `rateInterval`: four scrapes, at least; `range`: what is shown. */
export function interpolate(
  expr: string,
  values: Readonly<Record<string, string>>,
  { rateInterval, range }: { rateInterval: string; range: string },
): string {
  return expr
    .replaceAll('$__rate_interval', rateInterval)
    .replaceAll('$__range', range)
    .replaceAll(/\$(\w+)/g, (whole, name: string) => values[name] ?? whole);
}
