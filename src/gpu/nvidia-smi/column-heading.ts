export interface ColumnHeading {
  /** Field of `--query-gpu`. */
  readonly field: string;
  /** As the heading names it, `MiB`; '' where none. */
  readonly unit: string;
}

/** Field and unit of a heading such as ` memory.used [MiB]`. */
export function parseColumnHeading(cell: string): ColumnHeading {
  const text = cell.trim();
  const earlierEnd = text.lastIndexOf(']', text.length - 2);
  const open = text.endsWith(']') ? text.indexOf('[', earlierEnd + 1) : -1;
  return open < 0
    ? { field: text, unit: '' }
    : { field: text.slice(0, open).trim(), unit: text.slice(open + 1, -1) };
}
