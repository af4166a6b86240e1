import { dashboards, type Panel } from '../../../../src/dashboards/dashboards.ts';
import type { PageName } from '../../../../src/dashboards/grafana/links.ts';
import { runTarget, type QueryRange, type Series } from '../query.ts';
import { pie, ranking, stat, states } from './blocks.ts';
import { escaped } from './format.ts';
import { lineChart } from './line-chart.ts';
import { table } from './table.ts';

const columnWidth = 64;
const rowHeight = 38;
const gap = 8;

const style = `body{background:#111217;color:#ccccdc;font:13px system-ui,sans-serif;margin:16px}h1{font-size:18px;font-weight:500}
main{position:relative;width:${24 * columnWidth}px}section{position:absolute;background:#181b1f;border:1px solid #24272d;border-radius:3px;overflow:hidden;box-sizing:border-box;padding:6px 8px}
h2{font-size:14px;font-weight:500;margin:0 0 2px;white-space:nowrap;overflow:hidden}h3{position:absolute;margin:8px 0 0;font-size:15px;font-weight:500}
svg text{fill:#9fa3ab;font-size:11px}svg text.dark{fill:#111}.grid{stroke:#2b2e35}.trend{position:absolute;left:0;bottom:0}
.stat{font-size:34px;font-weight:600;text-align:center;position:relative;margin-top:16px}.none{color:#8e8e99;text-align:center;padding:6% 8%;font-size:12px}
.legend{display:flex;flex-wrap:wrap;gap:0 14px;overflow:hidden;max-height:64px;line-height:20px;white-space:nowrap;font-size:12px}.legend.column{flex-flow:column nowrap;max-height:none;height:auto;gap:8px}.legend i{display:inline-block;width:12px;height:4px;margin-right:5px;vertical-align:middle}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:4px 8px;border-bottom:1px solid #24272d;white-space:nowrap}th{color:#6e9fff;font-weight:500}.link{color:#6e9fff}
.gauge,.bars span{display:inline-block;height:12px;background:#22252b;vertical-align:middle}.gauge{width:90px}.gauge i,.bars i{display:block;height:100%}
.bars{display:grid;grid-template-columns:auto 1fr auto;gap:8px 10px;align-items:center}.bars b{font-weight:400}.bars em{font-style:normal}.pie{display:flex;align-items:center;gap:16px}`;

export interface Preview {
  readonly html: string;
  readonly width: number;
  readonly height: number;
  /** Titles of panels that had no data. */
  readonly empty: readonly string[];
}

/** One page with what Prometheus answers to its queries, as a document without any script. */
export async function previewPage(
  url: string,
  name: PageName,
  range: QueryRange,
  values: Readonly<Record<string, string>>,
): Promise<Preview> {
  const dashboard = dashboards[name];
  const empty: string[] = [];
  const parts: string[] = [];
  let bottom = 0;
  for (const panel of dashboard.panels) {
    const { x, y, w, h } = panel.gridPos ?? { x: 0, y: 0, w: 24, h: 1 };
    bottom = Math.max(bottom, y + h);
    const at = `left:${x * columnWidth}px;top:${y * rowHeight}px`;
    if (panel.type === 'row') {
      parts.push(`<h3 style="${at}">${escaped(panel.title ?? '')}</h3>`);
      continue;
    }
    const results = await Promise.all(
      panel.targets.map((target) => runTarget(url, panel, target, range, values)),
    );
    if (results.every((series) => series.length === 0)) empty.push(panel.title ?? '');
    const size = { width: w * columnWidth - gap, height: h * rowHeight - gap };
    parts.push(
      `<section style="${at};width:${size.width}px;height:${size.height}px" title="${escaped(panel.description ?? '')}"><h2>${escaped(panel.title ?? '')}</h2>${body(panel, results, size.width - 18, size.height - 34)}</section>`,
    );
  }
  const height = bottom * rowHeight;
  return {
    html: `<!doctype html><meta charset="utf-8"><title>${escaped(dashboard.title ?? '')}</title><style>${style}</style><h1>${escaped(dashboard.title ?? '')}</h1><main style="height:${height}px">${parts.join('')}</main>`,
    width: 24 * columnWidth + 32,
    height: height + 80,
    empty,
  };
}

function body(
  panel: Panel,
  results: readonly (readonly Series[])[],
  width: number,
  height: number,
): string {
  if (results.every((series) => series.length === 0)) {
    return `<div class="none">${escaped(panel.fieldConfig.defaults.noValue ?? 'No data')}</div>`;
  }
  switch (panel.type) {
    case 'stat':
      return stat(panel, results, width, height);
    case 'table':
      return table(panel, results);
    case 'bargauge':
      return ranking(panel, results);
    case 'piechart':
      return pie(panel, results, height);
    case 'state-timeline':
      return states(panel, results, width, height);
    default:
      return lineChart(panel, results, width, height);
  }
}
