import { brokenGpusIn, normaliseBusId } from '../nvidia-smi/failure.ts';
import { downReasonOf } from '../nvidia-smi/quantity.ts';
import type { GpuDraft } from './gpu-draft.ts';
import { plainText } from './read-notes.ts';

const failure =
  /fail|error|unable|lost|fallen off|couldn'?t|cannot|no devices|not found|reset|denied/i;

/** Marks in the GPUs of a log what a line of text in it says: that one is gone, or that nvidia-smi failed. */
export function takeFailure(line: string, gpus: readonly GpuDraft[]): void {
  const text = plainText(line);
  if (!failure.test(text)) return;
  const [broken] = brokenGpusIn(text);
  const isGone = broken !== undefined || downReasonOf(text) !== undefined;
  const named = broken && gpus.find(({ id }) => id !== null && isAt(id, broken.pciBusId));
  const gone = named ?? (isGone && gpus.length === 1 ? gpus[0] : undefined);
  if (gone !== undefined) gone.interrupt('lost', text);
  else for (const gpu of gpus) gpu.interrupt('error', text);
}

function isAt(id: string, pciBusId: string): boolean {
  return id.includes(':') && normaliseBusId(id) === normaliseBusId(pciBusId);
}
