import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { textOutput } from './text-stream.ts';

describe('cli/text-stream', () => {
  it.each([
    [{ columns: 0, rows: 0 }, 80, 24],
    [{}, 80, 24],
    [{ columns: 132, rows: 50 }, 132, 50],
  ])('a terminal that says %j', (size, columns, rows) => {
    const stream = Object.assign(new PassThrough(), size) as unknown as NodeJS.WriteStream;
    expect(textOutput(stream)).toMatchObject({ columns, rows });
  });
});
