export type Delimiter = ',' | ';' | '\t';

/** The cells of a row, trimmed; those in double quotes as of RFC 4180, where a quote within is written twice. */
export function splitCells(line: string, delimiter: Delimiter): string[] {
  if (line.includes('"')) return quotedCells(line, delimiter);
  const cells: string[] = [];
  let from = 0;
  for (let at = line.indexOf(delimiter); at >= 0; at = line.indexOf(delimiter, from)) {
    cells.push(line.slice(from, at).trim());
    from = at + 1;
  }
  cells.push(line.slice(from).trim());
  return cells;
}

function quotedCells(line: string, delimiter: Delimiter): string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const letter = line[at]!;
    if (letter === '"') {
      if (isQuoted && line[at + 1] === '"') {
        cell += letter;
        at += 1;
      } else isQuoted = !isQuoted;
    } else if (letter === delimiter && !isQuoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += letter;
  }
  cells.push(cell.trim());
  return cells;
}

/**
 * The cells of a row where a comma may also be a decimal one: nvidia-smi writes a blank behind those that part cells, and only behind those.
 * Null: that gives another number of cells than wanted.
 */
export function splitAtCommaBlank(line: string, count: number): string[] | null {
  const cells = line.split(/,\s/).map((cell) => cell.trim());
  return cells.length === count ? cells : null;
}

/** The delimiter of which a line has most outside of quotes. */
export function delimiterOf(line: string): Delimiter {
  const plain = line.replace(/"[^"]*"/g, '');
  const counts = ([',', ';', '\t'] as const).map(
    (each) => [plain.split(each).length, each] as const,
  );
  return counts.reduce((most, each) => (each[0] > most[0] ? each : most))[1];
}
