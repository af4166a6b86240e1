// `node scripts/app-folder/assemble.ts FOLDER`: what runs and nothing else, from dist/ and node_modules/, for the container image
// and for a plain host. Needs `npm ci` and scripts/build.ts before it; FOLDER must not exist.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmdirSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { billOfMaterials, type Application } from './bill-of-materials.ts';
import { shippedPackages } from './packages.ts';
import { thirdPartyLicences } from './third-party-licences.ts';

const root = dirname(dirname(import.meta.dirname));
/** What the files of koffi are that are read at run time; the rest is for building it. */
const readByKoffi = /\.(?:c?js|node)$|^package\.json$|^LICENSE/;
const koffiSources = ['lib', 'vendor', 'doc'].map((name) => join('koffi', name));

const [target] = process.argv.slice(2);
if (target === undefined || existsSync(target)) {
  process.stderr.write(`usage: node scripts/app-folder/assemble.ts FOLDER (a new one)\n`);
  process.exit(2);
}
assemble(target);

function assemble(app: string): void {
  mkdirSync(join(app, 'node_modules'), { recursive: true });
  cpSync(join(root, 'dist'), join(app, 'dist'), {
    recursive: true,
    // For developers: what the bundle is made of, and when it was built.
    filter: (path) => !/meta\.json$|\.build-stamp$/.test(path),
  });
  cpSync(join(root, 'LICENSE'), join(app, 'LICENSE'));
  const folders = ['node_modules/koffi', nativeFolder()];
  for (const folder of folders) copyPackage(folder, join(app, folder));
  const application = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Application;
  const { name, version, license } = application;
  writeJson(join(app, 'package.json'), { name, version, license, private: true, type: 'module' });
  const packages = shippedPackages(root, folders);
  writeJson(join(app, 'sbom.cdx.json'), billOfMaterials(application, packages));
  writeFileSync(join(app, 'THIRD-PARTY-LICENCES.txt'), thirdPartyLicences(root, packages));
  normalise(dirname(app));
  process.stderr.write(`  ${app}: ${packages.length} packages, ${basename(folders[1] ?? '')}\n`);
}

/** koffi's package for this platform. */
function nativeFolder(): string {
  const folder = `node_modules/@koromix/koffi-${process.platform}-${process.arch}`;
  if (existsSync(join(root, folder))) return folder;
  throw new Error(
    `${folder} is missing: koffi has no binary for this platform, or npm left optional packages out`,
  );
}

function copyPackage(folder: string, to: string): void {
  cpSync(join(root, folder), to, {
    recursive: true,
    filter: (path) => {
      if (koffiSources.some((source) => path.endsWith(`node_modules/${source}`))) return false;
      return statSync(path).isDirectory() || readByKoffi.test(basename(path));
    },
  });
  removeEmptyFolders(to);
}

function removeEmptyFolders(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmptyFolders(join(path, entry.name));
  }
  if (readdirSync(path).length === 0) rmdirSync(path);
}

/** The same modes and times whatever the umask and the clock were: the same layers for the same input. */
function normalise(path: string): void {
  const entries = readdirSync(path, { withFileTypes: true });
  for (const entry of entries) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) {
      normalise(child);
      continue;
    }
    chmodSync(child, child.endsWith('/dist/main.js') ? 0o755 : 0o644);
    utimesSync(child, sourceDate(), sourceDate());
  }
  chmodSync(path, 0o755);
  utimesSync(path, sourceDate(), sourceDate());
}

/** Seconds since 1970 (https://reproducible-builds.org/specs/source-date-epoch/). */
function sourceDate(): number {
  return Number(process.env['SOURCE_DATE_EPOCH'] ?? 0);
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`);
}
