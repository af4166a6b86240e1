import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import {
  bannedFileNames,
  folderRules,
  longFiles,
  maxLines,
  moduleOwners,
  nameOwners,
  type OwnerRule,
} from './rules.ts';
import { readSource, type ImportedModule, type SourceFacts } from './source-file.ts';

/** One line per breach of the rules in a tree with `src/`: `src/a/b.ts: what is wrong`. */
export function findBreaches(root: string): readonly string[] {
  const breaches: string[] = [];
  for (const path of sourceFiles(root, 'src')) {
    const report = (detail: string): void => void breaches.push(`${path}: ${detail}`);
    checkName(path, report);
    if (path.endsWith('.d.ts')) continue;
    const facts = readSource(path, readFileSync(join(root, path), 'utf8'));
    checkLength(path, facts, report);
    // Tests beside the sources may use whatever they test against.
    if (path.endsWith('.test.ts')) continue;
    for (const imported of facts.imports) checkImport(path, imported, report);
    for (const [name, rule] of Object.entries(nameOwners)) {
      if (facts.names.has(name)) checkOwner(path, name, rule, report);
    }
  }
  return breaches;
}

/** TypeScript files below a folder, with forward slashes, sorted. */
export function sourceFiles(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => posix.join(folder, path.replaceAll('\\', '/')))
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path))
    .toSorted();
}

type Report = (detail: string) => void;

/** `src/gpu/nvml/x.ts` → `gpu`; a file directly in src stands for itself. */
function topOf(path: string): string {
  return path.split('/')[1] ?? path;
}

function checkName(path: string, report: Report): void {
  const name = basename(path);
  if (bannedFileNames.test(name)) report(`${name} does not say what is inside`);
  if (/test/i.test(name) && !name.endsWith('.test.ts')) {
    report('has "test" in its name but would not run: tests end in .test.ts');
  }
  if (folderRules[topOf(path)] === undefined) report(`${topOf(path)} is not in the folder table`);
}

function checkLength(path: string, { codeLines }: SourceFacts, report: Report): void {
  if (codeLines <= maxLines || longFiles[path] !== undefined) return;
  report(`${codeLines} lines of code, more than ${maxLines}; split it or give a reason`);
}

function checkImport(path: string, imported: ImportedModule, report: Report): void {
  const { specifier } = imported;
  if (!specifier.startsWith('.')) {
    const owned = Object.entries(moduleOwners).find(
      ([name]) => specifier === name || specifier.startsWith(`${name}/`),
    );
    if (owned !== undefined) checkOwner(path, owned[0], owned[1], report);
    const bare = ['child_process', 'process', 'http', 'https', 'net'].includes(specifier);
    if (bare) report(`imports ${specifier}: write node:${specifier}`);
    return;
  }
  const target = posix.join(dirname(path), specifier);
  if (target === 'package.json') return;
  if (!target.startsWith('src/')) {
    report(`imports ${target}, outside src`);
    return;
  }
  const from = topOf(path);
  const to = topOf(target);
  if (from === to) return;
  if (!mayImport(from, to, imported.typeOnly)) report(`may not import ${to} (${target})`);
  if (target.split('/').length > 3) report(`imports ${target}, which is private to src/${to}`);
}

function mayImport(from: string, to: string, typeOnly: boolean): boolean {
  const rule = folderRules[from];
  if (rule === undefined || to === 'lib') return rule !== undefined;
  return rule.mayImport.includes(to) || (typeOnly && rule.typesOf?.includes(to) === true);
}

function checkOwner(path: string, name: string, rule: OwnerRule, report: Report): void {
  if (rule.owners.includes(topOf(path))) return;
  const owners = rule.owners.length === 0 ? 'nobody' : rule.owners.join(' and ');
  report(`uses ${name}; ${rule.what}: only ${owners}`);
}
