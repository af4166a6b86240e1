import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const file = join(import.meta.dirname, '..', '..', 'package-lock.json');
const { packages } = JSON.parse(readFileSync(file, 'utf8')) as {
  packages: Readonly<Record<string, LockedPackage>>;
};

describe('scripts/setup/package-lock', () => {
  // npm leaves out what its registry does not have at the moment, and `npm ci` then refuses the file elsewhere.
  it('has an entry for each platform package of each optional dependency', () => {
    const missing = Object.entries(packages)
      .filter(([path]) => path !== '')
      .flatMap(([, { optionalDependencies = {} }]) => Object.keys(optionalDependencies))
      .filter(
        (name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)),
      );

    expect(missing).toEqual([]);
  });

  it('names no registry, so that it installs from any', () => {
    expect(readFileSync(file, 'utf8')).not.toContain('"resolved"');
  });
});
