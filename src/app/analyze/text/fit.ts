/** A column of a table for people. */
export interface TextColumn {
  readonly heading: string;
  readonly cells: readonly string[];
  /** The lowest come first where there is no room for all. */
  readonly rank: number;
  /** May be cut down to so many letters, in its middle; absent: never. */
  readonly least?: number;
}

const between = 2;

/** Lines of a table that is no wider than `width`: the columns that matter most, names cut where they must be. Infinity: all, whole. */
export function tableLines(all: readonly TextColumn[], width: number): string[] {
  const shown = new Set<TextColumn>();
  let used = -between;
  for (const column of all.toSorted((a, b) => a.rank - b.rank)) {
    const needed = leastWidth(column) + between;
    if (shown.size > 0 && used + needed > width) continue;
    shown.add(column);
    used += needed;
  }
  let spare = width - used;
  const columns = all
    .filter((column) => shown.has(column))
    .map((column) => {
      const [least, full] = [leastWidth(column), fullWidth(column)];
      const own = Math.min(full, least + Math.max(0, spare));
      spare -= own - least;
      return [column.heading, ...column.cells].map((cell) => elided(cell, own).padEnd(own));
    });
  const rows = columns[0]?.length ?? 0;
  return Array.from({ length: rows }, (_, row) =>
    columns
      .map((cells) => cells[row])
      .join(' '.repeat(between))
      .trimEnd(),
  );
}

function fullWidth({ heading, cells }: TextColumn): number {
  return Math.max(heading.length, ...cells.map(({ length }) => length));
}

function leastWidth(column: TextColumn): number {
  const full = fullWidth(column);
  return column.least === undefined
    ? full
    : Math.min(full, Math.max(column.least, column.heading.length));
}

/** `titanx_g…12-04.csv`: the end of a name tells as much as its beginning. */
export function elided(text: string, width: number): string {
  if (text.length <= width) return text;
  const tail = Math.floor((width - 1) / 2);
  return `${text.slice(0, width - 1 - tail)}…${text.slice(text.length - tail)}`;
}

/** Words in lines of a width, the first behind a head, the others below its end. A word too long for a line stays whole. */
export function hanging(head: string, words: string, width: number): string[] {
  const lines: string[] = [];
  let line = head;
  let isFresh = true;
  for (const word of words.split(' ')) {
    if (!isFresh && line.length + 1 + word.length > width) {
      lines.push(line.trimEnd());
      line = ' '.repeat(head.length);
      isFresh = true;
    }
    line += isFresh ? word : ` ${word}`;
    isFresh = false;
  }
  lines.push(line.trimEnd());
  return lines;
}
