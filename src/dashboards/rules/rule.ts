/** A series that Prometheus computes at each evaluation of its group. */
export interface RecordingRule {
  /** `level:metric:operation`. */
  readonly record: string;
  readonly expr: string;
  /** What it says, for readers of the file. */
  readonly help: string;
  /** Labels of its series. */
  readonly labels: readonly string[];
}

/** `critical`: work is lost or the tool is blind, look now; `warning`: look today; `info`: money or comfort, no hurry. */
export type Severity = 'critical' | 'warning' | 'info';

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: Severity;
  /** Why this threshold and this time. */
  readonly because: string;
  readonly summary: string;
  readonly description: string;
}

export interface RuleGroup<Rule> {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly Rule[];
}
