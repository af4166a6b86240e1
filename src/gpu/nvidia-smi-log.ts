/** Logs of `nvidia-smi --query-gpu=timestamp,… --format=csv -l N`: for those who analyse recordings. */
export { isSmiLog, parseSmiLog, type SmiLogGpu } from './nvidia-smi/log.ts';
