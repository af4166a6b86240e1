import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBreaches, sourceFiles } from './support/architecture/breaches.ts';
import { folderRules, longFiles, maxLines } from './support/architecture/rules.ts';
import { readSource } from './support/architecture/source-file.ts';

const root = join(import.meta.dirname, '..');

describe('architecture', () => {
  it('has no breach', () => {
    expect(findBreaches(root)).toEqual([]);
  });

  it('covers the sources', () => {
    const files = sourceFiles(root, 'src');
    expect(files).toContain('src/main.ts');
    expect(files.length).toBeGreaterThan(100);
  });

  it('has the table that docs/ARCHITECTURE.md shows', () => {
    const shown = shownTable(readFileSync(join(root, 'docs', 'ARCHITECTURE.md'), 'utf8'));
    const wanted = Object.entries(folderRules)
      // main and cli share a row, and app may import everything below.
      .filter(([folder]) => folder !== 'main.ts' && folder !== 'program.ts' && folder !== 'app')
      .map(([folder, { mayImport, typesOf = [] }]) => {
        const types = typesOf.map((name) => `${name} (types)`);
        return [folder, new Set([...mayImport, ...types])] as const;
      });

    expect(new Map(wanted)).toEqual(shown);
  });

  it.each(['scripts', 'test', 'bench'])('keeps the files of %s short and runnable', (folder) => {
    const faults = sourceFiles(root, folder).flatMap((path) => {
      if (longFiles[path] !== undefined) return [];
      const { codeLines } = readSource(path, readFileSync(join(root, path), 'utf8'));
      return codeLines > maxLines ? [`${path}: ${codeLines} lines of code`] : [];
    });
    expect(faults).toEqual([]);
  });

  it('lists no file as long that has become short', () => {
    const short = Object.keys(longFiles).filter((path) => {
      const { codeLines } = readSource(path, readFileSync(join(root, path), 'utf8'));
      return codeLines <= maxLines;
    });
    expect(short).toEqual([]);
  });
});

/** Folder → what it may import, from the rows of the table. */
function shownTable(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('| `src/') && !line.startsWith('| `src/app`'))
    .filter((line) => line.split('|').length > 5);
  return new Map(
    rows.map((line) => {
      const [, folders = '', , imports = ''] = line.split('|').map((part) => part.trim());
      const folder = /src\/([a-z]+)`$/.exec(folders)?.[1] ?? folders;
      const names = imports.startsWith('(') || imports === 'nothing' ? '' : imports;
      return [folder, new Set(names.split(', ').filter((name) => name !== ''))];
    }),
  );
}

/** Each breach is planted alone into a small sound tree, and must be found there. */
describe('planted breaches', () => {
  let folder: string;
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gpu-profiler-tree-'));
    write('src/program.ts', "import { run } from './cli/run.ts';\nprocess.exit(run());\n");
    write('src/cli/run.ts', "export const run = async () => (await import('../app/a.ts')).a;\n");
    write('src/app/a.ts', "import { k } from '../kubernetes/k.ts';\nexport const a = k;\n");
    write('src/kubernetes/k.ts', "import { x } from './deep/x.ts';\nexport const k = x;\n");
    write(
      'src/kubernetes/deep/x.ts',
      "import { V1Node } from '@kubernetes/client-node';\nexport const x = V1Node;\n",
    );
    write('src/analysis/verdict.ts', 'export interface Verdict { readonly x: 1 }\n');
    write(
      'src/exposition/e.ts',
      "import type { Verdict } from '../analysis/verdict.ts';\nexport type E = Verdict;\n",
    );
    write(
      'src/lib/errors.ts',
      "// process.env, console and createServer in a comment are no breach\nexport const text = 'process.exit()';\n",
    );
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('finds none in the sound tree', () => {
    expect(findBreaches(folder)).toEqual([]);
  });

  it.each([
    ['a folder upwards', 'src/gpu/g.ts', "import { a } from '../app/a.ts';", 'may not import app'],
    [
      'a folder beside',
      'src/web/w.ts',
      "export { k } from '../kubernetes/k.ts';",
      'may not import kubernetes',
    ],
    [
      'a dynamic import',
      'src/sampling/s.ts',
      "export const s = () => import('../web/w.ts');",
      'may not import web',
    ],
    [
      'a type from a foreign folder',
      'src/gpu/g.ts',
      "export type G = import('../web/w.ts').W;",
      'may not import web',
    ],
    ['lib importing something', 'src/lib/l.ts', "import '../gpu/g.ts';", 'may not import gpu'],
    [
      'values where only types may pass',
      'src/exposition/v.ts',
      "import { analyse } from '../analysis/verdict.ts';",
      'may not import analysis',
    ],
    [
      'a private file',
      'src/app/b.ts',
      "import { x } from '../kubernetes/deep/x.ts';",
      'private to src/kubernetes',
    ],
    [
      'the Kubernetes client',
      'src/controller/c.ts',
      "import { V1Node } from '@kubernetes/client-node';",
      'uses @kubernetes/client-node',
    ],
    [
      'its types',
      'src/controller/c.ts',
      "import type { V1Node } from '@kubernetes/client-node/dist/x.js';",
      'uses @kubernetes/client-node',
    ],
    ['axios', 'src/controller/c.ts', "import axios from 'axios';", 'uses axios'],
    ['prom-client', 'src/app/c.ts', "import { Registry } from 'prom-client';", 'uses prom-client'],
    ['js-yaml', 'src/kubernetes/y.ts', "import { load } from 'js-yaml';", 'uses js-yaml'],
    ['koffi', 'src/app/c.ts', "export const k = await import('koffi');", 'uses koffi'],
    [
      'a child process',
      'src/app/c.ts',
      "import { spawn } from 'node:child_process';",
      'uses node:child_process',
    ],
    [
      'a child process by its old name',
      'src/gpu/c.ts',
      "import { spawn } from 'child_process';",
      'write node:child_process',
    ],
    [
      'the environment',
      'src/gpu/c.ts',
      "export const home = process.env['HOME'];",
      'uses process.env',
    ],
    [
      'the environment by index',
      'src/gpu/c.ts',
      "export const env = process['env'];",
      'uses process.env',
    ],
    [
      'the environment taken apart',
      'src/gpu/c.ts',
      'const { env } = process;\nexport { env };',
      'uses process.env',
    ],
    [
      'the environment by module',
      'src/gpu/c.ts',
      "import { env } from 'node:process';\nexport { env };",
      'uses node:process',
    ],
    ['ending the process', 'src/app/c.ts', 'process.exit(1);', 'uses process.exit'],
    ['ending it in cli', 'src/cli/c.ts', 'process.exit(1);', 'uses process.exit'],
    ['stdout', 'src/app/c.ts', "process.stdout.write('x');", 'uses process.stdout'],
    ['the console', 'src/web/c.ts', "console.log('x');", 'uses console'],
    [
      'a listening socket',
      'src/app/c.ts',
      "import { createServer } from 'node:http';\ncreateServer();",
      'uses createServer',
    ],
    [
      'a folder nobody knows',
      'src/misplaced/c.ts',
      'export const c = 1;',
      'not in the folder table',
    ],
    ['code outside src', 'src/app/c.ts', "import '../../test/support/port.ts';", 'outside src'],
    ['a barrel', 'src/gpu/index.ts', "export * from './g.ts';", 'does not say what is inside'],
    [
      'a file for odds and ends',
      'src/gpu/string-utils.ts',
      'export const u = 1;',
      'does not say what is inside',
    ],
    ['a test that never runs', 'src/gpu/g_test.ts', 'export const t = 1;', 'would not run'],
    ['a long file', 'src/gpu/long.ts', 'export {};\n'.repeat(maxLines + 1), 'lines of code'],
  ])('finds %s', (_what, path, text, expected) => {
    write(path, `${text}\n`);

    const breaches = findBreaches(folder);

    expect(breaches).toHaveLength(1);
    expect(breaches[0]).toContain(`${path}: `);
    expect(breaches[0]).toContain(expected);
  });

  it('counts neither blank lines nor comments', () => {
    write('src/gpu/airy.ts', `${'export {};\n\n// why\n'.repeat(maxLines)}/* a\nb */\n`);

    expect(findBreaches(folder)).toEqual([]);
  });
});
