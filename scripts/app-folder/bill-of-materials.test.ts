import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { billOfMaterials } from './bill-of-materials.ts';
import { shippedPackages } from './packages.ts';
import { thirdPartyLicences } from './third-party-licences.ts';

/** A small build: what esbuild took into its outputs, and what lies in node_modules. */
describe('bill of materials', () => {
  let root: string;
  const application = { name: 'gpu-profiler', version: '1.0.0', license: 'Apache-2.0' };
  const write = (path: string, content: unknown): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(
      join(root, path),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  };
  const output = (inputs: Record<string, number>) => ({
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([path, bytesInOutput]) => [path, { bytesInOutput }]),
    ),
  });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'gpu-profiler-bill-'));
    write('dist/meta.json', {
      outputs: {
        'dist/main.js': output({
          'src/main.ts': 10,
          'node_modules/outer/a.js': 5,
          'node_modules/outer/b.js': 5,
          'node_modules/unused/index.js': 0,
        }),
        'dist/chunk.js': output({
          'node_modules/outer/node_modules/@team/inner/i.js': 1,
          'node_modules/native/index.js': 1,
        }),
      },
    });
    write('dist/pages.meta.json', {
      outputs: { 'dist/pages/main.js': output({ 'node_modules/plots/p.js': 3 }) },
    });
    write('package-lock.json', {
      packages: {
        'node_modules/outer': { integrity: `sha512-${Buffer.from('tarball').toString('base64')}` },
      },
    });
    const named = (name: string, more: object = {}) => ({
      name,
      version: '2.0.0',
      license: 'MIT',
      ...more,
    });
    write(
      'node_modules/outer/package.json',
      named('outer', { dependencies: { '@team/inner': '*', gone: '*' } }),
    );
    write('node_modules/outer/LICENSE', 'Copyright Outer');
    write(
      'node_modules/outer/node_modules/@team/inner/package.json',
      named('@team/inner', { license: '(MIT OR ISC)' }),
    );
    write('node_modules/unused/package.json', named('unused'));
    write('node_modules/native/package.json', named('native'));
    write('node_modules/plots/package.json', named('plots'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it('has what is in the bundles and in folders, and nothing that was left out', () => {
    const packages = shippedPackages(root, ['node_modules/native']);

    expect(packages.map(({ name, shipped }) => `${name} ${shipped}`)).toEqual([
      '@team/inner bundled',
      'native folder',
      'outer bundled',
      'plots bundled',
    ]);
  });

  it('names packages as scanners know them', () => {
    const bill = billOfMaterials(application, shippedPackages(root, ['node_modules/native']));
    const [inner, , outer] = bill.components;

    expect(inner).toMatchObject({
      group: '@team',
      name: 'inner',
      purl: 'pkg:npm/%40team/inner@2.0.0',
      licenses: [{ expression: '(MIT OR ISC)' }],
    });
    expect(outer).toMatchObject({
      purl: 'pkg:npm/outer@2.0.0',
      licenses: [{ license: { id: 'MIT' } }],
      hashes: [{ alg: 'SHA-512', content: Buffer.from('tarball').toString('hex') }],
    });
    expect(bill.dependencies.find(({ ref }) => ref === 'pkg:npm/outer@2.0.0')).toEqual({
      ref: 'pkg:npm/outer@2.0.0',
      dependsOn: ['pkg:npm/%40team/inner@2.0.0'],
    });
  });

  it('gives the licence text of each', () => {
    const text = thirdPartyLicences(root, shippedPackages(root, []));

    expect(text).toContain('outer@2.0.0\nLicence by its package.json: MIT\n\nCopyright Outer');
    expect(text).toContain('@team/inner@2.0.0\nLicence by its package.json: (MIT OR ISC)');
  });
});
