import { badFile } from './bad-file.ts';
import { delimiterOf, splitCells } from './cells.ts';
import { headerCell } from './columns.ts';
import { createCsvReader, csvHeader } from './csv-reader.ts';
import { createDmonReader, isDmonHeader } from './dmon-reader.ts';
import { DraftSet } from './draft-set.ts';
import { guessColumns } from './headerless.ts';
import type { LineReader } from './line-reader.ts';
import { quoted } from './read-notes.ts';
import type { ReadOptions, RecordedFile } from './recorded-gpu.ts';

/** A log may begin with warnings and with what a shell wrote; a file of another kind is not searched to its end. */
const mostLinesBefore = 50;
/** Nothing that we read has such lines: this is another kind of file. */
const longestLine = 100_000;
const otherKinds = /^(?:#{20,}|=+NVSMI LOG=+|<\?xml|<!DOCTYPE|<nvidia_smi_log)/;

/**
 * Reads a recording of any kind that consists of lines, as its text comes in: a CSV trace, a CSV log of nvidia-smi, what nvidia-smi dmon prints.
 * Whoever gives it the text asks `isOther` now and then: the rest need not be read then.
 */
export class RecordedLines {
  readonly #file: string;
  readonly #options: ReadOptions;
  readonly #gpus: DraftSet;
  #reader: LineReader | null = null;
  #rest = '';
  #line = 0;
  #isOther = false;
  readonly #before: [number, string][] = [];

  constructor(file: string, options: ReadOptions = {}) {
    this.#file = file;
    this.#options = options;
    this.#gpus = new DraftSet(file);
  }

  /** It is no recording of these kinds. */
  get isOther(): boolean {
    return this.#isOther;
  }

  /** @throws {SourceError} `bad_file` */
  push(chunk: string): void {
    if (this.#isOther) return;
    const text = this.#rest === '' ? chunk : this.#rest + chunk;
    let from = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      const isCarriage = at > from && text.charCodeAt(at - 1) === 13;
      this.#take(text.slice(from, isCarriage ? at - 1 : at));
      from = at + 1;
    }
    this.#rest = text.slice(from);
    if (this.#rest.length <= longestLine) return;
    if (this.#reader !== null) {
      throw badFile(
        { file: this.#file, line: this.#line + 1 },
        `a line longer than ${longestLine} characters`,
        'The file was damaged there, or something else was written into it: cut it before that line.',
      );
    }
    this.#isOther = true;
  }

  /** Null: no recording of these kinds. @throws {SourceError} `bad_file` */
  end(): RecordedFile | null {
    const cut = this.#rest;
    if (this.#reader === null || this.#isOther) {
      // A lone header is worth its own message.
      if (cut !== '' && !this.#isOther) this.#take(cut);
      if (this.#reader === null || this.#isOther) return null;
    } else if (cut.trim() !== '') {
      this.#gpus.note(
        this.#line + 1,
        `the last line has no end, so it may be cut off and does not count: ${quoted(cut)}`,
      );
    }
    return this.#gpus.finish(this.#reader.timeBase);
  }

  #take(text: string): void {
    this.#line += 1;
    if (this.#reader !== null) {
      if (text.trim() !== '') this.#reader.take(text, this.#line);
      return;
    }
    if (text.trim() === '' || this.#isOther) return;
    this.#reader = this.#readerFor(text);
    if (this.#reader !== null) {
      for (const [line, words] of this.#before) this.#gpus.note(line, `left out: ${quoted(words)}`);
      return;
    }
    this.#before.push([this.#line, text]);
    if (this.#before.length >= mostLinesBefore || otherKinds.test(text)) this.#isOther = true;
  }

  /** From the line that shows what kind of recording it is; that line is taken where it is a row. */
  #readerFor(text: string): LineReader | null {
    const { columns = [], dateOrder = null } = this.#options;
    const base = { file: this.#file, line: this.#line, dateOrder };
    if (isDmonHeader(text)) {
      const reader = createDmonReader(this.#file, this.#gpus);
      reader.take(text, this.#line);
      return reader;
    }
    const found = csvHeader(text);
    const delimiter = delimiterOf(text);
    if (columns.length > 0) {
      const header = columns.map(headerCell);
      if (!header.some(({ role }) => role?.kind === 'time')) {
        throw badFile(
          { file: this.#file, line: this.#line },
          `--columns ${columns.join(',')} names no column timestamp (or t_s), so nobody knows when the rows were written`,
          'Name the columns of the file in order, - for those of no use: --columns timestamp,index,utilization.gpu,memory.used,power.draw',
        );
      }
      const reader = createCsvReader({ ...base, header, delimiter }, this.#gpus);
      if (found === null) reader.take(text, this.#line);
      return reader;
    }
    if (found !== null) return createCsvReader({ ...base, ...found }, this.#gpus);
    const guessed = guessColumns(splitCells(text, delimiter));
    if (guessed === null) return null;
    if (guessed === 'unclear') {
      throw badFile(
        { file: this.#file, line: this.#line },
        `a log without a header, and what its columns are cannot be told: ${quoted(text)}`,
        'Name them in the order of --query-gpu, - for those of no use: --columns timestamp,index,utilization.gpu,memory.used,power.draw',
      );
    }
    this.#gpus.note(
      null,
      `there is no header; the columns are taken for ${guessed.names.join(', ')}. If they are others, name them by --columns`,
    );
    const reader = createCsvReader({ ...base, header: guessed.header, delimiter }, this.#gpus);
    reader.take(text, this.#line);
    return reader;
  }
}
