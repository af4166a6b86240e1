import type { Series } from './series.ts';

export interface Scenario {
  readonly what: string;
  readonly series: Series;
  /** Alerts that must fire, with their labels (beside alertname and severity), and no others. */
  readonly fires: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;
  /** Minutes after which they must fire; nothing may fire `early` minutes after the start. */
  readonly atMinute: number;
  readonly quietAtMinute?: number;
}
