import { readText } from '../nvidia-smi/quantity.ts';
import { badFile } from './bad-file.ts';
import { burstsIn } from './bursts.ts';
import { takeFailure } from './failure-text.ts';
import { GpuDraft } from './gpu-draft.ts';
import { quoted, ReadNotes } from './read-notes.ts';
import type { RecordedFile, RecordedGpu } from './recorded-gpu.ts';

interface Refusal {
  readonly line: number;
  readonly what: string;
  readonly column: string | undefined;
}

/** More than any machine has; a column of another kind in the place of index or uuid names a GPU in each row. */
const mostGpus = 512;

/** The GPUs of one recording while it is read, and what is to be told about its lines. */
export class DraftSet {
  readonly #file: string;
  readonly #gpus = new Map<string, GpuDraft>();
  readonly #notes = new ReadNotes();
  #first: Refusal | null = null;
  #refused = 0;
  #rows = 0;
  #isTurned = false;

  constructor(file: string) {
    this.#file = file;
  }

  /** The GPU of a row. Where nothing names it, its model tells two that differ apart. */
  of(id: string | null, model: string | null): GpuDraft {
    const key = id ?? model ?? '';
    let gpu = this.#gpus.get(key);
    if (gpu === undefined) {
      if (this.#gpus.size >= mostGpus) {
        throw badFile(
          { file: this.#file },
          `more than ${mostGpus} GPUs, the last of them ${quoted(key)}`,
          'Check which column says of which GPU a row is; --columns names them in order.',
        );
      }
      gpu = new GpuDraft(id);
      gpu.model = readText(model ?? '') ?? null;
      this.#gpus.set(key, gpu);
    }
    return gpu;
  }

  addRow(gpu: GpuDraft, seconds: number, line: number): void {
    if (seconds < gpu.lastSeconds && !this.#isTurned) {
      this.#isTurned = true;
      const back = (gpu.lastSeconds - seconds).toFixed(1);
      this.note(
        line,
        `the clock goes back by ${back} s here; rows are taken in the order of their times`,
      );
    }
    gpu.addRow(seconds);
    this.#rows += 1;
  }

  note(line: number | null, message: string): void {
    this.#notes.add(line, message);
  }

  /** Something in a line cannot be what it should be; the rest of the recording is used. */
  refuse(line: number, what: string, column?: string): void {
    this.#refused += 1;
    this.#first ??= { line, what, column };
    this.note(line, column === undefined ? what : `column ${column}: ${what}`);
  }

  /** A line that is no row: it is told, and what it says of a GPU shows in time. */
  takeText(line: number, text: string, why: string, column?: string): void {
    this.#refused += 1;
    this.#first ??= { line, what: why, column };
    this.note(line, `left out: ${quoted(text)}`);
    takeFailure(text, [...this.#gpus.values()]);
  }

  /** @throws {SourceError} `bad_file`: nothing in it, more that is wrong than right, or GPUs that cannot be told apart */
  finish(timeBase: RecordedGpu['timeBase']): RecordedFile {
    const first = this.#first;
    const hint =
      'Expected is what nvidia-smi --query-gpu=timestamp,index,… --format=csv -l N or nvidia-smi dmon -o DT writes, or a trace with t_s and any of util_gpu, util_mem, mem_used_mib, power_w.';
    if (first !== null && this.#refused >= this.#rows) {
      throw badFile({ file: this.#file, line: first.line, column: first.column }, first.what, hint);
    }
    const drafts = [...this.#gpus.values()].filter(({ rows }) => rows > 0);
    if (drafts.length === 0)
      throw badFile({ file: this.#file }, 'a header, and no row with a sample behind it', hint);
    const gpus = drafts.flatMap((draft) => this.#parted(draft, timeBase));
    return {
      gpus: gpus.map((gpu) => finished(gpu, timeBase, gpus.length > 1)),
      notes: this.#notes.all(),
    };
  }

  #parted(draft: GpuDraft, timeBase: RecordedGpu['timeBase']): readonly GpuDraft[] {
    if (draft.id !== null) return [draft];
    const bursts = burstsIn(draft.times);
    if (bursts.kind === 'none') return [draft];
    // A trace is of one GPU; its times may be coarser than its samples.
    if (bursts.kind === 'mixed' && timeBase === 'seconds') {
      return [bursts.borderSeconds === 0 ? draft : this.#merged(draft, bursts.borderSeconds)];
    }
    if (bursts.kind === 'mixed') {
      throw badFile(
        { file: this.#file },
        'several rows come at once and no column says of which GPU each is',
        'Log with index or uuid among the fields of --query-gpu.',
      );
    }
    const { count } = bursts;
    this.note(
      null,
      `no column says of which GPU a row is; ${count} come at once, so they are taken as ${count} GPUs in the order of their rows. Log with index or uuid to be sure`,
    );
    return Array.from({ length: count }, (_, at) => draft.every(count, at));
  }

  #merged(draft: GpuDraft, borderSeconds: number): GpuDraft {
    const merged = draft.merged(borderSeconds);
    this.note(
      null,
      `${draft.rows} rows at ${merged.rows} moments: those of one moment count as their mean`,
    );
    return merged;
  }
}

/** An error that stopped nothing is none: with several GPUs a line of text may concern one that is not in the log. */
function finished(
  draft: GpuDraft,
  timeBase: RecordedGpu['timeBase'],
  isOneOfMany: boolean,
): RecordedGpu {
  const gpu = draft.finish(timeBase);
  if (gpu.interruptions.length === 0) return gpu;
  const usual = draft.usualSpacingSeconds;
  const interruptions = gpu.interruptions.filter(
    ({ kind, fromSeconds, toSeconds }) =>
      !isOneOfMany || kind === 'lost' || toSeconds === null || toSeconds - fromSeconds > 3 * usual,
  );
  return { ...gpu, interruptions };
}
