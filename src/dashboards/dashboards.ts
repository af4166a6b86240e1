import { healthPage } from './boards/health.ts';
import { nodePage } from './boards/node.ts';
import { overviewPage } from './boards/overview.ts';
import { ownHealthPage } from './boards/own-health.ts';
import { podPage } from './boards/pod.ts';
import type { Dashboard } from './grafana/json.ts';
import type { PageName } from './grafana/links.ts';

export type { Dashboard, Panel, Target } from './grafana/json.ts';

/** The Grafana dashboards, by the name of their file. */
export const dashboards: Readonly<Record<PageName, Dashboard>> = {
  overview: overviewPage,
  node: nodePage,
  pod: podPage,
  health: healthPage,
  'own-health': ownHealthPage,
};

/** As a file that Grafana imports. */
export function dashboardText(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}
