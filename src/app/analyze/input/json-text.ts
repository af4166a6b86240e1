import { CodedError, messageOf } from '../../../lib/errors.ts';

/** JSON of a file. @throws {CodedError} `bad_file` with the line and the column at which it stops being JSON */
export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const message = messageOf(cause);
    const position = /at position (\d+)/.exec(message)?.[1];
    // Without a position it is the end that came too early.
    const before = text.slice(0, position === undefined ? text.length : Number(position));
    const lines = before.split('\n');
    const column = (lines.at(-1)?.length ?? 0) + 1;
    const what = position === undefined ? 'the JSON ends too early' : 'no JSON from here on';
    throw new CodedError('bad_file', `${path}, line ${lines.length}, column ${column}: ${what}`, {
      cause,
      hint: 'The file may have been cut off: record the answer of Prometheus whole.',
    });
  }
}
