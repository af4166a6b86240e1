import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { documents } from './generate/documents.ts';

/** `node scripts/generate.ts [--check] [--root FOLDER]`: writes the documents that are made from tables, or says which are stale. */
const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, root: { type: 'string' } },
});
const root = values.root ?? dirname(dirname(fileURLToPath(import.meta.url)));

const stale: string[] = [];
for (const { path, text } of documents) {
  const file = join(root, path);
  const wanted = text();
  const found = await readFile(file, 'utf8').catch(() => null);
  if (found === wanted) continue;
  stale.push(path);
  if (values.check) continue;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, wanted);
}

if (values.check && stale.length > 0) {
  process.stderr.write(`stale: ${stale.join(', ')}\n  Run: npm run generate\n`);
  process.exitCode = 1;
} else {
  const done = stale.length === 0 ? 'up to date' : `written: ${stale.join(', ')}`;
  process.stdout.write(`generated documents: ${done}\n`);
}
