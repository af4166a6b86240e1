import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { CodedError } from '../../src/lib/errors.ts';
import { runCommand } from './command.ts';

/** What Node needs of a system, and what says which system it is. */
const packages = ['base-files', 'ca-certificates', 'libc6', 'libgcc-s1', 'libstdc++6'];

/** Of no use without a shell, a package manager or another locale. */
const leftOut = [
  ...['man', 'locale', 'lintian', 'info', 'gdb', 'gcc'].map((name) => `usr/share/${name}`),
  'etc/update-motd.d',
];

export interface DebianBase {
  /** Archive of the root file system, for `ADD` in a Dockerfile. */
  readonly rootfs: string;
  /** A tag that changes with what is in it. */
  readonly tag: string;
  /** What is in it, one line. */
  readonly description: string;
}

/**
 * A base image without a registry: packages of this machine's Debian (their signatures are checked by apt) unpacked, not installed, and
 * the Node that npm has put into node_modules. No shell, no package manager. Kept in `cache` per versions of what is in it.
 */
export async function makeDebianBase(cache: string, node: string): Promise<DebianBase> {
  await needDebian();
  const nodeVersion = (await runCommand(node, ['--version'], { what: 'node' })).trim();
  const list = await runCommand('apt-get', ['download', '--print-uris', ...packages], {
    what: 'look up Debian packages',
  });
  const names = list
    .split('\n')
    .map((line) => line.split(' ')[1])
    .filter((name) => name !== undefined)
    .toSorted();
  const recipe = readFileSync(import.meta.filename, 'utf8');
  const key = createHash('sha256')
    .update([nodeVersion, recipe, ...names].join('\n'))
    .digest('hex');
  const tag = `node-${nodeVersion.slice(1)}-${key.slice(0, 12)}`;
  const rootfs = join(cache, `debian-base-${tag}.tar`);
  const versions = names.map((name) => name.split('_').slice(0, 2).join(' '));
  const description = `Node ${nodeVersion.slice(1)} and Debian's ${versions.map((text) => decodeURIComponent(text)).join(', ')}`;
  if (!existsSync(rootfs)) await assemble(rootfs, node);
  return { rootfs, tag, description };
}

async function needDebian(): Promise<void> {
  if (existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')) return;
  throw new CodedError(
    'no-base',
    'A base image can be made without a registry on Debian and Ubuntu only (from their packages).',
    {
      hint: 'Name one that this machine can reach: --base IMAGE (node on PATH and its C library), or set up a mirror of docker.io.',
    },
  );
}

async function assemble(target: string, node: string): Promise<void> {
  const draft = `${target}.${process.pid}`;
  const root = join(draft, 'root');
  const archives = join(draft, 'archives');
  try {
    mkdirSync(archives, { recursive: true });
    // As root, apt would fetch as its own user, who may not write here.
    const args = ['-q', '-o', 'APT::Sandbox::User=root', 'download', ...packages];
    await runCommand('apt-get', args, { what: 'fetch Debian packages', cwd: archives });
    // Before the packages: all their files belong below /usr, as on an installed system.
    for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
      mkdirSync(join(root, 'usr', name), { recursive: true });
      await runCommand('ln', ['-s', `usr/${name}`, join(root, name)], { what: 'link' });
    }
    for (const name of readdirSync(archives).toSorted()) await unpack(join(archives, name), root);
    for (const path of leftOut) rmSync(join(root, path), { recursive: true, force: true });
    keepLicences(join(root, 'usr/share/doc'));
    writeCertificates(root);
    writeAccounts(root);
    mkdirSync(join(root, 'usr/local/bin'), { recursive: true });
    copyFileSync(node, join(root, 'usr/local/bin/node'));
    await runCommand('chmod', ['0755', join(root, 'usr/local/bin/node')], { what: 'chmod' });
    await runCommand('chmod', ['1777', join(root, 'tmp')], { what: 'chmod' });
    const flags = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0'];
    const tar = [...flags, '--format=gnu', '-cf', `${draft}/rootfs.tar`, '-C', root, '.'];
    await runCommand('tar', tar, { what: 'pack the base' });
    renameSync(`${draft}/rootfs.tar`, target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Files of a package, and its description where scanners look for it (as distroless images have it). */
async function unpack(archive: string, root: string): Promise<void> {
  const files = `${archive}.tar`;
  const what = `unpack ${archive}`;
  await runCommand('sh', ['-c', 'dpkg-deb --fsys-tarfile "$1" > "$2"', 'sh', archive, files], {
    what,
  });
  const args = ['--keep-directory-symlink', '--no-same-owner', '-xpf', files, '-C', root];
  await runCommand('tar', args, { what });
  const control = await runCommand('dpkg-deb', ['--field', archive], { what });
  const name = /^Package: (.+)$/m.exec(control)?.[1] ?? '';
  const folder = join(root, 'var/lib/dpkg/status.d');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), control);
}

function keepLicences(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && entry.name !== 'copyright') rmSync(path);
  }
}

/** What update-ca-certificates would write. */
function writeCertificates(root: string): void {
  const folder = join(root, 'usr/share/ca-certificates/mozilla');
  const texts = readdirSync(folder)
    .toSorted()
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  const target = join(root, 'etc/ssl/certs/ca-certificates.crt');
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, texts.join(''));
}

function writeAccounts(root: string): void {
  const accounts = [
    ['root', 0, '/root'],
    ['nobody', 65534, '/nonexistent'],
    ['nonroot', 65532, '/nonexistent'],
  ] as const;
  const users = accounts.map(
    ([name, id, home]) => `${name}:x:${id}:${id}:${name}:${home}:/sbin/nologin\n`,
  );
  writeFileSync(join(root, 'etc/passwd'), users.join(''));
  writeFileSync(
    join(root, 'etc/group'),
    accounts.map(([name, id]) => `${name}:x:${id}:\n`).join(''),
  );
  writeFileSync(join(root, 'etc/nsswitch.conf'), 'hosts: files dns\n');
}
