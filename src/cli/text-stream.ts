import type { WriteStream } from 'node:tty';
import type { TextOutput } from '../app/app-context.ts';

/** A stream of the process as applications see it. */
export function textOutput(stream: NodeJS.WriteStream & Partial<WriteStream>): TextOutput {
  return {
    write: (text) => void stream.write(text),
    // Asked each time: a terminal changes its size. One that does not know it says 0.
    get isTTY() {
      return stream.isTTY ?? false;
    },
    get columns() {
      return stream.columns || 80;
    },
    get hasColours() {
      return (stream.isTTY ?? false) && (stream.hasColors?.() ?? false);
    },
    get rows() {
      return stream.rows || 24;
    },
  };
}
