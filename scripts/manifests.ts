import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findPart } from '../test/support/parts/find-part.ts';
import { manifests, root } from './manifests/list.ts';
import { renderManifest } from './manifests/render.ts';

/** `node scripts/manifests.ts [--check]`: renders manifests/*.yaml from the chart, or says which are stale. */
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const helm = await findPart('helm');
const stale: string[] = [];
for (const manifest of manifests) {
  const path = join('manifests', manifest.file);
  const wanted = await renderManifest(helm, manifest);
  const found = await readFile(join(root, path), 'utf8').catch(() => null);
  if (found === wanted) continue;
  stale.push(path);
  if (!values.check) await writeFile(join(root, path), wanted);
}

if (values.check && stale.length > 0) {
  process.stderr.write(`stale: ${stale.join(', ')}\n  Run: npm run manifests\n`);
  process.exitCode = 1;
} else {
  const done = stale.length === 0 ? 'up to date' : `written: ${stale.join(', ')}`;
  process.stdout.write(`manifests: ${done}\n`);
}
