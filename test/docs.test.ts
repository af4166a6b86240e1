import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documents } from '../scripts/generate/documents.ts';
import { optionNames } from '../src/config/names.ts';
import { options } from '../src/config/options.ts';
import { families } from '../src/exposition/catalogue.ts';
import { controllerFamilies } from '../src/exposition/families/controller.ts';
import { simulatedWorkloads } from '../src/gpu/simulated-source.ts';
import { sourceKinds } from '../src/gpu/source.ts';
import { sourceFiles } from './support/architecture/breaches.ts';

const root = join(import.meta.dirname, '..');
const script = join(root, 'scripts', 'generate.ts');

interface Outcome {
  readonly code: number;
  readonly stderr: string;
}

async function generate(...args: readonly string[]): Promise<Outcome> {
  try {
    const { stderr } = await promisify(execFile)(process.execPath, [script, ...args]);
    return { code: 0, stderr };
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string };
    return { code, stderr };
  }
}

describe('generated documents', () => {
  it.each(documents)('$path is what its table says', async ({ path, text }) => {
    const found = await readFile(join(root, path), 'utf8');
    expect(found === text(), `${path} is stale: run npm run generate`).toBe(true);
  });

  it('tell about every option and every family', () => {
    const byPath = new Map(documents.map(({ path, text }) => [path, text()]));
    for (const name of optionNames) {
      expect(byPath.get('docs/CONFIGURATION.md')).toContain(`### ${name}\n`);
    }
    for (const { name } of [...families, ...controllerFamilies]) {
      expect(byPath.get('docs/METRICS.md')).toContain(`| \`${name}\` |`);
    }
  });
});

describe('scripts/generate.ts --check', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gpu-profiler-docs-'));
    await cp(join(root, 'docs'), join(folder, 'docs'), { recursive: true });
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('passes on fresh documents', async () => {
    expect(await generate('--root', folder)).toMatchObject({ code: 0 });
    expect(await generate('--check', '--root', folder)).toEqual({ code: 0, stderr: '' });
  });

  it('names a stale document, changes nothing, and is content once it is made again', async () => {
    const planted = join(folder, 'docs', 'METRICS.md');
    await generate('--root', folder);
    const good = await readFile(planted, 'utf8');
    const stale = good.replace('gauge', 'gouge');
    await writeFile(planted, stale);

    const outcome = await generate('--check', '--root', folder);

    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain('docs/METRICS.md');
    expect(outcome.stderr).not.toContain('docs/CONFIGURATION.md');
    expect(await readFile(planted, 'utf8')).toBe(stale);
    await generate('--root', folder);
    expect(await readFile(planted, 'utf8')).toBe(good);
  });

  it('names a missing document', async () => {
    await generate('--root', folder);
    await rm(join(folder, 'docs', 'options.schema.json'));

    const outcome = await generate('--check', '--root', folder);

    expect(outcome).toMatchObject({ code: 1 });
    expect(outcome.stderr).toContain('docs/options.schema.json');
  });
});

/** config may not import gpu, so the table writes these names out: here they are held against their owners. */
describe('names in the options table', () => {
  it('has the sources that exist', () => {
    expect(new Set(options.source.values)).toEqual(new Set(['auto', ...sourceKinds]));
  });

  it('has the workloads that exist', () => {
    expect(new Set(options['simulated.workloads'].values)).toEqual(new Set(simulatedWorkloads));
  });

  it('has no option that nobody reads', async () => {
    const files = sourceFiles(root, 'src').filter(
      (path) => !path.startsWith('src/config/options') && !path.endsWith('.test.ts'),
    );
    const texts = await Promise.all(files.map((path) => readFile(join(root, path), 'utf8')));
    const all = texts.join('\n');
    const unread = optionNames.filter(
      (name) => !all.includes(`'${name}'`) && !new RegExp(`settings\\.${name}\\b`).test(all),
    );
    expect(unread).toEqual([]);
  });
});
