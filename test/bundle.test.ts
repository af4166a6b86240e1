import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import packageFile from '../package.json' with { type: 'json' };
import { nodeVersionProblem } from '../src/lib/node-version.ts';

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

  it('loads nothing at the start but what tells which Node it needs', () => {
    const files = new Set(['dist/main.js']);
    for (const file of files) {
      for (const imported of metafile.outputs[file]?.imports ?? []) {
        if (imported.kind === 'import-statement' && imported.external !== true)
          files.add(imported.path);
      }
    }
    const inputs = [...files].flatMap((file) => Object.keys(metafile.outputs[file]?.inputs ?? {}));

    // No syntax of the program itself, so that an old Node can say that it is too old.
    expect(inputs.toSorted()).toEqual(['package.json', 'src/lib/node-version.ts', 'src/main.ts']);
  });

  const oldNodes = ['/usr/bin/node', '/usr/local/bin/node'].filter((path) => isTooOld(path));

  it.skipIf(oldNodes.length === 0)('says on an old Node of this machine which one it needs', () => {
    for (const node of oldNodes) {
      const { status, stderr } = spawnSync(node, [join(dist, 'main.js'), '--version'], {
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([
        1,
        expect.stringMatching(
          /^gpu-profiler needs Node >= [\d.]+, found [\d.]+: .*nodejs\.org.*\n$/,
        ),
      ]);
    }
  });
});

function isTooOld(node: string): boolean {
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  const version = /^v([\d.]+)/.exec(stdout ?? '')?.[1];
  return version !== undefined && nodeVersionProblem(version, packageFile.engines.node) !== null;
}
