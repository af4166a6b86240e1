import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inputFiles } from './input-files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'input-files-'));
  await mkdir(join(folder, 'b', '.hidden'), { recursive: true });
  await mkdir(join(folder, 'empty'));
  for (const name of ['c.csv', 'a.csv', 'b/z.csv', '.DS_Store', 'b/.hidden/x.csv']) {
    await writeFile(join(folder, name), 'x');
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('app/analyze/input/input-files', () => {
  it('takes each file of a folder and below, by name, but hidden ones', async () => {
    const files = await inputFiles(folder);

    expect(files.map(({ name }) => name)).toEqual(
      ['a.csv', 'b/z.csv', 'c.csv'].map((name) => join(folder, name)),
    );
    expect(files.every(({ isNamed, bytes }) => !isNamed && bytes === 1)).toBe(true);
  });

  it('follows no link to a folder, waits for no pipe, and leaves a broken link to the reading', async () => {
    const odd = join(folder, '.odd');
    await mkdir(odd);
    await symlink(folder, join(odd, 'loop'));
    await symlink(join(odd, 'gone'), join(odd, 'broken.csv'));
    await symlink(join(folder, 'a.csv'), join(odd, 'linked.csv'));
    execFileSync('mkfifo', [join(odd, 'pipe')]);

    const files = await inputFiles(odd);

    expect(files.map(({ name, bytes }) => [name, bytes])).toEqual([
      [join(odd, 'broken.csv'), null],
      [join(odd, 'linked.csv'), 1],
    ]);
  });

  it('takes a file that is named, and standard input', async () => {
    expect(await inputFiles(join(folder, '.DS_Store'))).toMatchObject([
      { isNamed: true, bytes: 1 },
    ]);
    expect(await inputFiles('-')).toMatchObject([{ name: 'standard input', isNamed: true }]);
  });

  it.each(['none.csv', 'empty'])('says what is wrong with %s', async (name) => {
    await expect(inputFiles(join(folder, name))).rejects.toMatchObject({ code: 'bad_file' });
  });
});
