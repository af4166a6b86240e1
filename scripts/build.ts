import { chmod, cp, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';

/**
 * Bundles the program into dist/main.js and its chunks, and the pages into dist/pages/.
 * One chunk graph, split at the dynamic imports, so that a mode loads only what it uses; dist/meta.json tells which
 * file holds which package, dist/pages.meta.json the same for the pages.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const entry = join(root, 'src', 'main.ts');
/** Runs in a thread of its own, so it is a file of its own. */
const passwordWorker = join(root, 'src', 'web', 'password-worker.ts');
const target = join(root, 'dist');
const pages = join(root, 'src', 'web', 'pages');

// Packages in CommonJS ask for Node's own modules by `require`, which an ES module does not have.
const requireBanner =
  "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);";

// Built aside and put in place whole: a broken build leaves the last good one.
const drafts = join(root, '.cache');
await mkdir(drafts, { recursive: true });
const draft = await mkdtemp(join(drafts, 'dist-'));
try {
  const program = await buildProgram(draft);
  await writeMetafile(program, 'meta.json');
  const metafiles = [program];
  if (await exists(join(pages, 'main.ts'))) {
    const browser = await buildPages(join(draft, 'pages'));
    await writeMetafile(browser, 'pages.meta.json');
    metafiles.push(browser);
  }
  await replaceFolder(draft, target);
  for (const metafile of metafiles) report(metafile);
} catch (error) {
  // esbuild has shown its own errors, with the lines of the sources.
  if (!isBuildFailure(error)) throw error;
  process.exitCode = 1;
} finally {
  await rm(draft, { recursive: true, force: true });
}

async function writeMetafile(metafile: Metafile, name: string): Promise<void> {
  const text = JSON.stringify(metafile).replaceAll(`"${relative(root, draft)}/`, '"dist/');
  await writeFile(join(draft, name), text);
}

async function buildProgram(outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { main: entry, 'password-worker': passwordWorker },
    outdir,
    bundle: true,
    splitting: true,
    // All in one folder: `import.meta.dirname` is dist/ wherever a module ends up.
    chunkNames: '[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node22',
    // Native code: stays a package in node_modules.
    external: ['koffi'],
    banner: { js: requireBanner },
    // Names stay, so that a stack trace or a CPU profile from the field can be read.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'external',
    metafile: true,
    logLevel: 'warning',
  });
  await chmod(join(outdir, 'main.js'), 0o755);
  return metafile;
}

async function buildPages(outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { main: join(pages, 'main.ts') },
    outdir,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    loader: { '.svg': 'dataurl', '.woff2': 'dataurl' },
    legalComments: 'inline',
    metafile: true,
    logLevel: 'warning',
  });
  // Whatever is neither source nor style goes as it is: index.html, icons.
  for (const name of await readdir(pages)) {
    if (!/\.(ts|tsx|css|json)$/.test(name))
      await cp(join(pages, name), join(outdir, name), { recursive: true });
  }
  return metafile;
}

async function replaceFolder(from: string, to: string): Promise<void> {
  const old = `${from}-old`;
  try {
    if (await exists(to)) await rename(to, old);
    await chmod(from, 0o755);
    await rename(from, to);
  } finally {
    await rm(old, { recursive: true, force: true });
  }
}

function report(metafile: Metafile): void {
  const outputs = Object.entries(metafile.outputs);
  const totalBytes = outputs.reduce((sum, [, output]) => sum + output.bytes, 0);
  const kib = (bytes: number): string => `${Math.round(bytes / 1024)} KiB`;
  const largest = outputs
    .toSorted(([, a], [, b]) => b.bytes - a.bytes)
    .slice(0, 4)
    .map(([path, output]) => `${basename(path)} ${kib(output.bytes)}`);
  process.stderr.write(`  ${outputs.length} files, ${kib(totalBytes)}: ${largest.join(', ')}\n`);
}

function isBuildFailure(error: unknown): boolean {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
