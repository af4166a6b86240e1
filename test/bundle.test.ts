import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';

const dist = join(import.meta.dirname, '..', 'dist');

describe('dist/', () => {
  let metafile: Metafile;

  beforeAll(() => {
    // `npm test` builds first; by hand it is `npm run build`.
    metafile = JSON.parse(readFileSync(join(dist, 'meta.json'), 'utf8')) as Metafile;
  });

  /** The npm packages in the files that a source file's mode can load, now or later. */
  function packagesOf(entryPoint: string): Set<string> {
    const outputs = Object.entries(metafile.outputs);
    const start = outputs.find(([, output]) => output.entryPoint === entryPoint)?.[0];
    if (start === undefined) throw new Error(`${entryPoint} has no file of its own in dist/`);
    const files = new Set([start]);
    for (const file of files) {
      for (const imported of metafile.outputs[file]?.imports ?? []) {
        if (imported.external !== true) files.add(imported.path);
      }
    }
    const inputs = [...files].flatMap((file) => Object.keys(metafile.outputs[file]?.inputs ?? {}));
    const names = inputs.map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1]);
    return new Set(names.filter((name) => name !== undefined));
  }

  it('gives the collector no Kubernetes client', () => {
    const packages = packagesOf('src/app/collector.ts');

    expect(packages).toContain('prom-client');
    expect(packages).not.toContain('@kubernetes/client-node');
  });

  it('gives the controller the Kubernetes client', () => {
    expect(packagesOf('src/app/controller.ts')).toContain('@kubernetes/client-node');
  });

  it('loads nothing but our own code at the start', () => {
    const files = new Set(['dist/main.js']);
    for (const file of files) {
      for (const imported of metafile.outputs[file]?.imports ?? []) {
        if (imported.kind === 'import-statement' && imported.external !== true)
          files.add(imported.path);
      }
    }
    const inputs = [...files].flatMap((file) => Object.keys(metafile.outputs[file]?.inputs ?? {}));

    expect(inputs).toContain('src/main.ts');
    expect(inputs.filter((input) => input.includes('node_modules'))).toEqual([]);
  });
});
