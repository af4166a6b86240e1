import { csvRows } from './table.ts';

/** Other words for one of the classes. */
const synonyms: Readonly<Record<string, string>> = { 'held-idle': 'alloc-idle', other: 'others' };

/** `alloc_idle`, `Alloc Idle` and `alloc-idle` are one class. */
function patternOf(label: string): string {
  const spelled = label
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '-');
  return synonyms[spelled] ?? spelled;
}

/** A stretch of a trace with one known pattern. */
export interface Segment {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly pattern: string;
  /** Null: there is none, or it is not known. */
  readonly periodSeconds: number | null;
}

/** What is known of one series. Each fact may be missing. */
export interface Label {
  /** As in labels.csv: relative to its folder. */
  readonly file: string;
  readonly repository: string;
  /** '' when not known. */
  readonly job: string;
  /** NaN when not known. */
  readonly samplingSeconds: number;
  /** Empty when nothing is labelled. A series labelled as a whole has one, from -Infinity to Infinity. */
  readonly segments: readonly Segment[];
  /** Periods that the note tells beside the labelled one: a step on top of a checkpoint cycle. */
  readonly otherPeriodsSeconds: readonly number[];
}

/** "optimiser step ~0.66 s", "period ~3 s": a number of seconds soon after one of the two words. */
const notedPeriod = /(?:step|period)[^~\n]{0,60}~ ?(\d+(?:\.\d+)?) ?s/gi;

/** Reads labels.csv; columns that are not there are facts that are not known. A row without a file is none. */
export function parseLabels(text: string): Label[] {
  return csvRows(text)
    .filter((row) => (row['file'] ?? '') !== '')
    .map((row) => ({
      file: row['file']!,
      repository: row['repo'] ?? '',
      job: row['job'] ?? '',
      samplingSeconds: positive(row['sampling_s']) ?? Number.NaN,
      segments: segmentsOf(row),
      otherPeriodsSeconds: [...(row['note'] ?? '').matchAll(notedPeriod)].map((match) =>
        Number(match[1]),
      ),
    }));
}

function segmentsOf(row: Readonly<Record<string, string>>): Segment[] {
  const listed = parseSegments(row['segments'] ?? '');
  if (listed.length > 0) return listed;
  const pattern = patternOf(row['pattern'] ?? '');
  if (pattern === '') return [];
  const periodSeconds = positive(row['period_s']);
  return [{ fromSeconds: -Infinity, toSeconds: Infinity, pattern, periodSeconds }];
}

/** `[[t0, t1, "pattern", period or ""], …]`; items that are not so are left out. */
function parseSegments(text: string): Segment[] {
  let items: unknown;
  try {
    items = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(items)) return [];
  return items.flatMap((item: unknown) => {
    if (!Array.isArray(item)) return [];
    const [from, to, pattern, period] = item as unknown[];
    if (typeof from !== 'number' || typeof to !== 'number' || typeof pattern !== 'string')
      return [];
    const periodSeconds = positive(period);
    return [{ fromSeconds: from, toSeconds: to, pattern: patternOf(pattern), periodSeconds }];
  });
}

function positive(value: unknown): number | null {
  const number = typeof value === 'string' ? Number.parseFloat(value) : value;
  return typeof number === 'number' && number > 0 && Number.isFinite(number) ? number : null;
}
