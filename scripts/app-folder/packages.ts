import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** An npm package of which something is in the app folder. */
export interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression, as its package.json says. */
  readonly licence: string | undefined;
  /** Where it lies in the build: `node_modules/axios`. */
  readonly folder: string;
  /** Subresource integrity of its tarball, from package-lock.json. */
  readonly integrity: string | undefined;
  /** Names of what it needs itself. */
  readonly needs: readonly string[];
  /** In the bundle's files, or a folder of its own under node_modules. */
  readonly shipped: 'bundled' | 'folder';
}

interface PackageFile {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * The packages of the app folder, by name and version: those with code in the bundle (by the metafiles of the build, so
 * what was left out as unused is not there) and those that stay folders.
 */
export function shippedPackages(root: string, folders: readonly string[]): ShippedPackage[] {
  const bundled = ['meta.json', 'pages.meta.json']
    .flatMap((name) => foldersIn(readJson(join(root, 'dist', name)) as Metafile))
    .filter((folder) => !folders.includes(folder));
  const lock = readJson(join(root, 'package-lock.json')) as {
    packages: Record<string, { integrity?: string }>;
  };
  const describe = (folder: string, shipped: ShippedPackage['shipped']): ShippedPackage => {
    const file = readJson(join(root, folder, 'package.json')) as PackageFile;
    return {
      name: file.name,
      version: file.version,
      licence: file.license,
      folder,
      integrity: lock.packages[folder]?.integrity,
      needs: Object.keys({ ...file.dependencies, ...file.optionalDependencies }),
      shipped,
    };
  };
  return [
    ...[...new Set(bundled)].map((path) => describe(path, 'bundled')),
    ...folders.map((folder) => describe(folder, 'folder')),
  ].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

export function keyOf({ name, version }: { name: string; version: string }): string {
  return `${name}@${version}`;
}

function foldersIn({ outputs }: Metafile): string[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  return inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0])
    .filter((folder) => folder !== undefined);
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
