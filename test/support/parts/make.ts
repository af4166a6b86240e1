// `node test/support/parts/make.ts [--failures FILE] [NAMES…]`: finds or makes the real parts of the integration tests,
// prints the path of each on stdout, and ends with code 1 if one cannot be had.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { messageOf } from '../../../src/lib/errors.ts';
import { partNames, type PartName } from './catalogue.ts';
import { ensureParts, findPart } from './find-part.ts';

const { values, positionals } = parseArgs({
  options: { failures: { type: 'string' } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !isPartName(name));
if (unknown.length > 0) {
  process.stderr.write(`unknown part ${unknown.join(', ')}; known: ${partNames.join(', ')}\n`);
  process.exitCode = 2;
} else {
  const names = positionals.length === 0 ? partNames : positionals.filter(isPartName);
  await makeAll(names);
}

async function makeAll(names: readonly PartName[]): Promise<void> {
  const failures = await ensureParts(names, (line) => process.stderr.write(`  ${line}\n`));
  const failed = new Map(failures.map(({ name, error }) => [name, messageOf(error)]));
  if (values.failures !== undefined) {
    writeFileSync(values.failures, JSON.stringify(Object.fromEntries(failed)));
  }
  for (const name of names) {
    if (!failed.has(name)) process.stdout.write(`${name} ${await findPart(name)}\n`);
  }
  if (failures.length > 0) process.exitCode = 1;
}

function isPartName(name: string): name is PartName {
  return (partNames as readonly string[]).includes(name);
}
