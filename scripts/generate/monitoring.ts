import { dashboards, dashboardText } from '../../src/dashboards/dashboards.ts';
import { ruleFiles } from '../../src/dashboards/rule-files.ts';

/** Dashboards and rule files, where the chart takes them from. */
export const monitoringDocuments: readonly { path: string; text: () => string }[] = [
  ...Object.entries(dashboards).map(([name, dashboard]) => ({
    path: `charts/gpu-profiler/dashboards/${name}.json`,
    text: () => dashboardText(dashboard),
  })),
  ...Object.entries(ruleFiles).map(([name, text]) => ({
    path: `charts/gpu-profiler/rules/${name}`,
    text,
  })),
];
