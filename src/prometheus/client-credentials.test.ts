import { mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  clientRig,
  failure,
  oneSample,
  type ClientRig,
} from '../../test/support/fake-prometheus/client-rig.ts';

const rig = clientRig();
const client: ClientRig['client'] = (options) => rig.client(options);
const signal = new AbortController().signal;

describe('prometheus/client credentials', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'prometheus-client-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('uses a rotated token without a restart, keeps the old one while the file is away', async () => {
    const file = join(folder, 'token');
    writeFileSync(file, 'old\n');
    let valid = 'Bearer old';
    rig.server.answer = ({ headers }) =>
      headers.authorization === valid ? { body: oneSample } : { status: 401, body: 'no' };
    const asking = client({ bearerTokenFile: file });
    await asking.query('up', { signal });
    unlinkSync(file);
    await asking.query('up', { signal });
    valid = 'Bearer new';
    expect((await failure(asking.query('up', { signal }))).code).toBe('unauthorized');
    writeFileSync(`${file}.tmp`, 'new');
    renameSync(`${file}.tmp`, file);
    await asking.query('up', { signal });
  });

  it('reads a password from a file, and says which file is missing or unfit', async () => {
    const file = join(folder, 'password');
    const asking = client({ basicAuth: { username: 'me', passwordFile: file } });
    expect((await failure(asking.query('up', { signal }))).code).toBe('file_unreadable');
    writeFileSync(file, 'two\nlines');
    expect((await failure(asking.query('up', { signal }))).code).toBe('file_unreadable');
    writeFileSync(file, 'pa:ss\n');
    await asking.query('up', { signal });
    const basic = `Basic ${Buffer.from('me:pa:ss').toString('base64')}`;
    expect(rig.server.asked.at(-1)?.headers.authorization).toBe(basic);
    expect(rig.server.asked).toHaveLength(1);
  });
});
