import { alertGroups } from './rules/alert-rules.ts';
import { recordingGroups } from './rules/recording-rules.ts';
import { runbookUrlOf } from './rules/runbook.ts';
import { alertFile, recordingFile } from './rules/yaml.ts';

/** The rule files of Prometheus, by name. */
export const ruleFiles: Readonly<Record<'recording.yaml' | 'alerts.yaml', () => string>> = {
  'recording.yaml': () => recordingFile(recordingGroups),
  'alerts.yaml': () => alertFile(alertGroups, runbookUrlOf),
};

export { alertGroups } from './rules/alert-rules.ts';
export { recordingGroups } from './rules/recording-rules.ts';
export { runbookUrlOf } from './rules/runbook.ts';
