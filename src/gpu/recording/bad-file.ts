import { SourceError } from '../source.ts';

export interface Place {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: string | undefined;
}

/** `bad_file` with file, line and column of what is wrong, and the next step. */
export function badFile({ file, line, column }: Place, what: string, hint: string): SourceError {
  return new SourceError('bad_file', `${file}${whereText(line, column)}: ${what}`, { hint });
}

function whereText(line: number | undefined, column: string | undefined): string {
  if (line === undefined) return '';
  return `, line ${line}${column === undefined ? '' : `, column ${column}`}`;
}
