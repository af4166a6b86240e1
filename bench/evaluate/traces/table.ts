/** One line of CSV with quoted fields. */
export function csvFields(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((match) =>
    match[1] === undefined ? (match[2] ?? '').trim() : match[1].replaceAll('""', '"'),
  );
}

/** Rows of a CSV text as objects by heading; cells that a short row lacks are ''. */
export function csvRows(text: string): Readonly<Record<string, string>>[] {
  const [header = '', ...rows] = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const names = csvFields(header);
  return rows.map((row) => {
    const cells = csvFields(row);
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}
