import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { locatePart } from './support/parts/locate.ts';

describe('test/support/parts/locate', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'locate-test-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  /** Puts a shell script in a folder of its own and returns that folder. */
  async function program(name: string, script: string, into = 'bin'): Promise<string> {
    const bin = join(folder, into);
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
    return bin;
  }

  const onPath = (...folders: string[]): NodeJS.ProcessEnv => ({ PATH: folders.join(delimiter) });

  it('takes the path that the environment gives, whatever is on PATH', async () => {
    const given = await program('my-etcd', 'exit 1', 'given');
    const bin = await program('etcd', 'echo "etcd Version: 3.5.0"');

    const location = await locatePart('etcd', { ...onPath(bin), ETCD: join(given, 'my-etcd') });

    expect(location).toMatchObject({ path: join(given, 'my-etcd'), from: 'environment' });
  });

  it('refuses a given path that is not an executable', async () => {
    const looked = locatePart('etcd', { PATH: '', ETCD: '/nowhere/etcd' });

    await expect(looked).rejects.toThrow('ETCD says /nowhere/etcd');
  });

  it('takes Kubernetes programs from KUBEBUILDER_ASSETS', async () => {
    const assets = await program('kubectl', 'exit 1', 'assets');

    const location = await locatePart('kubectl', { PATH: '', KUBEBUILDER_ASSETS: assets });

    expect(location).toMatchObject({ path: join(assets, 'kubectl'), from: 'environment' });
  });

  it('takes the first on PATH that is recent enough', async () => {
    const old = await program('prometheus', 'echo "prometheus, version 2.15.2 (x)"', 'old');
    const recent = await program(
      'prometheus',
      'echo "prometheus, version 2.42.0+ds (x)"',
      'recent',
    );

    const location = await locatePart('prometheus', onPath(old, recent));

    expect(location).toMatchObject({ path: join(recent, 'prometheus'), from: 'PATH' });
  });

  it.each([
    ['is too old', 'echo "Client Version: v1.29.3"', /older than 1\.30/],
    ['chooses another by itself', 'echo "Client Version: v1.32.4-dispatcher"', /no usable version/],
    ['fails', 'echo broken >&2; exit 3', /code 3: broken/],
    ['hangs', 'exec sleep 60', /did not end within 0\.3 s/],
  ])('passes over one on PATH that %s', async (_name, script, reason) => {
    const bin = await program('kubectl', script);

    const location = await locatePart('kubectl', onPath(bin), 300);

    expect(location.from).not.toBe('PATH');
    expect(location.passedOver).toEqual([expect.stringMatching(reason)]);
  });

  it('takes a C compiler only if it compiles against the C library', async () => {
    const broken = await program('cc', 'echo "stdio.h: No such file" >&2; exit 1', 'broken');
    const good = await program('gcc', 'exit 0', 'good');

    const location = await locatePart('cc', onPath(broken, good));

    expect(location).toMatchObject({ path: join(good, 'gcc'), from: 'PATH' });
  });

  it('looks first for the command that the environment names', async () => {
    const bin = await program('my-cc', 'exit 0');
    await program('cc', 'exit 0');

    const location = await locatePart('cc', { ...onPath(bin), CC: 'my-cc' });

    expect(location).toMatchObject({ path: join(bin, 'my-cc'), from: 'PATH' });
  });
});
