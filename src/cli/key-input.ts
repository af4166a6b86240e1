import type { ReadStream } from 'node:tty';
import type { KeyInput } from '../app/app-context.ts';

/** Keys of a terminal, one by one and without echo, while somebody listens; Node gives the terminal back at the end. */
export function keyInput(stream: NodeJS.ReadStream & Partial<ReadStream>): KeyInput {
  return {
    listen: (onInput) => {
      if (!stream.isTTY || stream.setRawMode === undefined) return () => undefined;
      const onData = (piece: Buffer | string): void => onInput(piece.toString());
      stream.setRawMode(true);
      stream.on('data', onData);
      stream.resume();
      return () => {
        stream.off('data', onData);
        stream.setRawMode?.(false);
        stream.pause();
      };
    },
  };
}
