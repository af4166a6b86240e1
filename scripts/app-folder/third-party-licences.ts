import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { keyOf, type ShippedPackage } from './packages.ts';

const line = '-'.repeat(80);

/** One text with the licence of every package, as most of them ask for with copies. */
export function thirdPartyLicences(root: string, packages: readonly ShippedPackage[]): string {
  const sections = packages.map((one) => {
    const folder = join(root, one.folder);
    const files = readdirSync(folder).filter((name) => /^(licen[cs]e|notice|copying)/i.test(name));
    const texts = files.toSorted().map((name) => readFileSync(join(folder, name), 'utf8').trim());
    const said = `Licence by its package.json: ${one.licence ?? 'not stated'}`;
    return [`${keyOf(one)}\n${said}`, ...texts].join('\n\n');
  });
  return `${sections.join(`\n\n${line}\n\n`)}\n`;
}
