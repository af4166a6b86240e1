import type { FakeSeries } from '../fake-prometheus/fake-prometheus.ts';
import { samples } from './dcgm-fleet.ts';

/** The series that Prometheus has of an exporter whose page stays the same; target labels as of a scrape job without honor_labels. */
export function repeatedPage(
  page: string,
  nowSeconds: number,
  target: Readonly<Record<string, string>>,
  lateSeconds = 0,
): FakeSeries[] {
  return page.split('\n').flatMap((line) => {
    const [, name, labels = '', value = ''] = /^(\w+)\{(.*)\} (\S+)$/.exec(line) ?? [];
    if (name === undefined) return [];
    const metric: Record<string, string> = { __name__: name, ...target };
    for (const [, label = '', text = ''] of labels.matchAll(/(\w+)="([^"]*)"/g)) {
      metric[label in target ? `exported_${label}` : label] = text;
    }
    return [{ metric, values: samples(nowSeconds + lateSeconds, () => value) }];
  });
}
