/** Takes the lines of a recording of one kind, without their ends; `line` counts from 1. */
export interface LineReader {
  take(text: string, line: number): void;
  /** Valid once rows were taken. */
  readonly timeBase: 'seconds' | 'unix';
}
