import { withoutControls } from '../../lib/control-characters.ts';
import type { ReadNote } from './recorded-gpu.ts';

/** A log may be wrong in each of its lines: the first ones tell what is wrong. */
const mostNotes = 20;
const mostLetters = 120;

/** What the reader of a recording should know, bounded. */
export class ReadNotes {
  readonly #notes: ReadNote[] = [];
  #leftOut = 0;

  add(line: number | null, message: string): void {
    if (this.#notes.length < mostNotes) this.#notes.push({ line, message });
    else this.#leftOut += 1;
  }

  all(): readonly ReadNote[] {
    if (this.#leftOut === 0) return this.#notes;
    return [...this.#notes, { line: null, message: `and ${this.#leftOut} more of this kind` }];
  }
}

/** A piece of a recording: on one line, without control characters, cut where it is long. */
export function plainText(text: string): string {
  const plain = withoutControls(text).trim();
  return plain.length > mostLetters ? `${plain.slice(0, mostLetters - 1)}…` : plain;
}

/** The same for a message. */
export function quoted(text: string): string {
  return `"${plainText(text)}"`;
}
