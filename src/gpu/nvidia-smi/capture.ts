import { parseCsv } from './csv.ts';
import { documentIn } from './document.ts';
import { failureOf } from './failure.ts';
import type { GpuRecord } from './gpu-record.ts';
import { isQueryText, parseQueryText } from './query-text.ts';
import { parseXml } from './xml.ts';

/**
 * The GPUs of a recorded output of nvidia-smi: XML, CSV of --query-gpu (alone or within a bundle of outputs, where the last one counts:
 * bundles record idle first), or the text of -q.
 * @throws {SourceError} what the output says (driver not loaded, no GPU…), or `bad_output` for anything else.
 */
export async function parseCapture(text: string): Promise<GpuRecord[]> {
  if (documentIn(text) !== null) return parseXml(text);
  const csv = lastCsv(text);
  if (csv) return csv;
  if (isQueryText(text)) return parseQueryText(text);
  throw failureOf(text, 0);
}

/** A bundle separates its outputs by lines of #. */
function lastCsv(text: string): GpuRecord[] | null {
  const found = text
    .split(/^#{20,}$/m)
    .map((section) => parseCsv(section))
    .filter((csv) => csv !== null && csv.records.length > 0);
  const last = found.at(-1);
  return last ? [...last.records] : null;
}
