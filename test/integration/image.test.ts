import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { ImageContents } from '../support/image/image-contents.ts';
import { sourceHash, testImage, type TestImage } from '../support/image/test-image.ts';
import { runCommand } from '../support/parts/run-command.ts';

const root = join(import.meta.dirname, '..', '..');
const skipped = process.env['SKIP_CLUSTER'] === '1' || process.getuid?.() !== 0;
const maxAppMib = 60;

interface Component {
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly licenses?: readonly unknown[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly properties: readonly { readonly name: string; readonly value: string }[];
}

/** What is in the image that `npm run image` builds. Building needs root here. */
describe.skipIf(skipped)('image (as root)', () => {
  let folder: string;
  let built: TestImage;
  let contents: ImageContents;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gpu-profiler-image-test-'));
    built = await testImage();
    contents = await ImageContents.open(built.archive);
  }, 600_000);

  afterAll(() => {
    contents?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** `npm run image` in an environment of its own; nothing of the user's cache. */
  function imageCommand(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    return runCommand(process.execPath, [join(root, 'scripts', 'image', 'main.ts'), ...args], {
      timeoutMs: 600_000,
      env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), ...env },
    });
  }

  it('is an archive as docker and containerd take it', () => {
    expect(contents.image.tags).toEqual([`docker.io/library/gpu-profiler:${packageFile.version}`]);
    expect(contents.layerDigests()).toEqual(contents.image.config.rootfs.diff_ids);
    expect(contents.image.layers).toHaveLength(2);
    expect(contents.image.id).toBe(built.digest);
    expect(contents.image.config).toMatchObject({ os: 'linux' });
  });

  it('runs the program as a user without rights, without a shell', () => {
    const { config } = contents.image.config;

    expect(config.User).toBe('65532:65532');
    expect(config.Entrypoint).toEqual(['node', '/app/dist/main.js']);
    expect(config.Cmd).toEqual(['--help']);
    expect(Object.keys(config.ExposedPorts ?? {}).toSorted()).toEqual(['9876/tcp', '9877/tcp']);
    // In an image these would give GPUs to every pod of it, the controller's too.
    expect(config.Env?.filter((line) => /nvidia|cuda/i.test(line))).toEqual([]);
  });

  it('says what it is', () => {
    const { Labels: labels = {} } = contents.image.config.config;

    expect(labels).toMatchObject({
      'org.opencontainers.image.title': 'gpu-profiler',
      'org.opencontainers.image.version': packageFile.version,
      'org.opencontainers.image.licenses': packageFile.license,
      'io.gpu-profiler.sbom': '/app/sbom.cdx.json',
    });
    expect(labels['org.opencontainers.image.base.name']).toMatch(/gpu-profiler-base:node-24\./);
    expect(labels['org.opencontainers.image.revision']).toMatch(
      /^([0-9a-f]{40}(-dirty)?|unknown)$/,
    );
  });

  it('holds what runs and nothing else', async () => {
    const entries = await contents.entries(-1);
    const files = entries.filter(({ mode }) => !mode.startsWith('d')).map(({ path }) => path);
    const packages = files
      .map((path) => /^app\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1])
      .filter((name) => name !== undefined);

    expect(new Set(packages)).toEqual(
      new Set([`@koromix/koffi-${process.platform}-${process.arch}`, 'koffi']),
    );
    expect(files).toContain('app/dist/main.js');
    expect(files).toContain('app/dist/pages/index.html');
    expect(files).toContain('app/LICENSE');
    expect(files.filter((path) => !path.startsWith('app/'))).toEqual([]);
    expect(
      files.filter((path) => /\.(?:map|ts|md|cc|h)$|meta\.json$|build-stamp/.test(path)),
    ).toEqual([]);
    expect(entries.filter(({ owner }) => owner !== '0/0')).toEqual([]);
    expect(entries.filter(({ mode }) => /^.....w|^........w|s/.test(mode))).toEqual([]);
  });

  it('has no CUDA, no shell, no package manager and no set-user-id program', async () => {
    const entries = [...(await contents.entries(0)), ...(await contents.entries(-1))];
    const paths = entries.map(({ path }) => path);

    const ofNvidia = paths.filter((path) => /nvidia|cuda|cublas|cudnn|nvml/i.test(path));
    // The npm package that runs nvidia-smi, bundled.
    expect(ofNvidia.filter((path) => !path.startsWith('app/dist/node-nvidia-smi-'))).toEqual([]);
    expect(
      paths.filter((path) => /\/(?:ba|da|a|z|)sh$|busybox|\/(?:apt|dpkg|npm)$/.test(path)),
    ).toEqual([]);
    expect(entries.filter(({ mode }) => /^-..s|^-.....s/.test(mode))).toEqual([]);
    expect(paths).not.toContain('etc/ld.so.cache');
  });

  it('says nothing of where it was built', () => {
    const places = [root, homedir()].filter((place) => place !== '/root');
    const said = places.filter((place) => contents.holds(place));

    expect(said).toEqual([]);
    expect(contents.holds('/run/secrets/npmrc')).toBe(false);
  });

  it('lists in its bill of materials exactly the packages that are there', async () => {
    const text = await contents.text(-1, 'app/sbom.cdx.json');
    const bill = JSON.parse(text) as { specVersion: string; components: Component[] };
    const names = bill.components.map(nameOf);
    const folders = bill.components.filter(({ properties }) => properties[0]?.value === 'folder');
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version: string; integrity: string; dev?: boolean } | undefined>;
    };

    expect(readFileSync(built.sbom, 'utf8')).toBe(text);
    expect(names).toEqual(expect.arrayContaining(Object.keys(packageFile.dependencies)));
    expect(folders.map(nameOf).toSorted()).toEqual([
      `@koromix/koffi-${process.platform}-${process.arch}`,
      'koffi',
    ]);
    for (const component of bill.components) {
      const entries = Object.entries(lock.packages).filter(
        ([path, entry]) =>
          path.endsWith(`node_modules/${nameOf(component)}`) &&
          entry?.version === component.version,
      );
      const [algorithm = '', digest = ''] = (entries[0]?.[1]?.integrity ?? '').split('-');
      expect({ name: nameOf(component), hashes: component.hashes }).toEqual({
        name: nameOf(component),
        hashes: [
          {
            alg: algorithm.replace('sha', 'SHA-'),
            content: Buffer.from(digest, 'base64').toString('hex'),
          },
        ],
      });
      expect(component.licenses).toHaveLength(1);
    }
    // What only developers need; the plots of the pages are bundled from there.
    const ofDevelopers = names.filter(
      (name) => lock.packages[`node_modules/${name}`]?.dev === true,
    );
    expect(ofDevelopers).toEqual(['uplot']);
    const licences = await contents.text(-1, 'app/THIRD-PARTY-LICENCES.txt');
    const missing = bill.components.filter(
      (component) => !licences.includes(`${nameOf(component)}@${component.version}\n`),
    );
    expect(missing).toEqual([]);
  });

  it(`adds at most ${maxAppMib} MiB to its base, compressed`, () => {
    const mib = built.appBytes / 1024 / 1024;
    process.stderr.write(`image: ${mib.toFixed(2)} MiB compressed above the base\n`);

    expect(mib).toBeGreaterThan(0.5);
    expect(mib).toBeLessThanOrEqual(maxAppMib);
  });

  it('is the same from the same input: base and layers, built again from nothing', async ({
    skip,
  }) => {
    const archive = join(folder, 'again.tar');
    const created = Date.parse(contents.image.config.created ?? '') / 1000;
    const npmrc = join(folder, 'npmrc');
    const password = 'a-password-of-the-registry';
    writeFileSync(npmrc, `//registry.example.com/:_authToken=${password}\n${ownNpmrc()}`);

    const result = await imageCommand(
      [
        '--base',
        'debian',
        '--tag',
        'registry.example.com/team/gpu-profiler:next',
        '--archive',
        archive,
      ],
      { SOURCE_DATE_EPOCH: `${created}`, npm_config_userconfig: npmrc },
    );

    expect(result).toMatchObject({ code: 0 });
    if (sourceHash() !== built.sourceHash) skip('the sources were edited while the test ran');
    const again = await ImageContents.open(archive);
    try {
      expect(again.image.tags).toEqual(['registry.example.com/team/gpu-profiler:next']);
      expect(again.layerDigests()).toEqual(contents.layerDigests());
      expect(again.holds(password)).toBe(false);
      expect(existsSync(join(folder, 'again.cdx.json'))).toBe(true);
    } finally {
      again.remove();
    }
  }, 600_000);

  it('takes packages from the registry that npm is set to, and says why it cannot', async () => {
    const npmrc = join(folder, 'npmrc-nowhere');
    writeFileSync(npmrc, 'registry=http://127.0.0.1:9/\nfetch-retries=0\n');
    const archive = join(folder, 'never.tar');

    const result = await imageCommand(['--base', 'debian', '--archive', archive], {
      npm_config_userconfig: npmrc,
    });

    expect(result.code).toBe(1);
    expect(result.stderr).toContain('ECONNREFUSED');
    expect(existsSync(archive)).toBe(false);
  }, 300_000);
});

function nameOf({ group, name }: Component): string {
  return group === undefined ? name : `${group}/${name}`;
}

/** The configuration that this machine's npm needs to reach its registry. */
function ownNpmrc(): string {
  const file = process.env['npm_config_userconfig'] ?? join(homedir(), '.npmrc');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
