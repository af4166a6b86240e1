/** Recordings of GPUs for those who analyse them instead of replaying them. */
export { RecordedLines } from './recording/recorded-lines.ts';
export { textChunks } from './recording/text-chunks.ts';
export type {
  Interruption,
  ReadNote,
  ReadOptions,
  RecordedFile,
  RecordedGpu,
  RecordedSeries,
} from './recording/recorded-gpu.ts';
