import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../lib/logger.ts';
import { WebServer, type BoundAddress } from './server.ts';
import { staticFiles } from './static-files.ts';

describe('web/static-files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'static-files-'));
  const server = new WebServer({ log: silentLogger });
  let bound: BoundAddress;

  beforeAll(async () => {
    mkdirSync(join(folder, 'pages', 'more'), { recursive: true });
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    writeFileSync(join(folder, 'pages', 'index.html'), '<!doctype html><title>x</title>');
    writeFileSync(join(folder, 'pages', 'more', 'main.js'), 'export const x = 1;\n'.repeat(100));
    server.add(...staticFiles(join(folder, 'pages'), 'the page'));
    bound = await server.listen({ host: '127.0.0.1', port: 0 });
  });

  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it('serves the index with a policy that lets nothing in from elsewhere', async () => {
    const response = await fetch(bound.url);
    expect(await response.text()).toContain('<title>x</title>');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
  });

  it('serves files below it, compressed for who takes that', async () => {
    const response = await fetch(`${bound.url}more/main.js`);
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(await response.text()).toContain('export const x = 1;');
    const plain = await fetch(`${bound.url}more/main.js`, {
      headers: { 'accept-encoding': 'identity' },
    });
    expect(plain.headers.get('content-encoding')).toBeNull();
  });

  it('says 304 to who has it already', async () => {
    const etag = (await fetch(bound.url)).headers.get('etag') ?? '';
    const again = await fetch(bound.url, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });

  it.each(['/../secret.txt', '/more/../../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt'])(
    'does not lead out of the folder: %s',
    async (path) => {
      const status = await new Promise((resolve, reject) => {
        // Not fetch, which would tidy up the path first.
        request({ host: '127.0.0.1', port: bound.port, path }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
      expect(status).toBe(404);
    },
  );

  it('lists the page, not each of its files', async () => {
    const text = await (await fetch(`${bound.url}nothing`)).text();
    expect(text).toContain('the page');
    expect(text).not.toContain('main.js');
  });

  it('reads a file again that could not be read the first time', async () => {
    const file = join(folder, 'pages', 'late.css');
    writeFileSync(file, 'body {}');
    const late = new WebServer({ log: silentLogger });
    late.add(...staticFiles(join(folder, 'pages'), 'the page'));
    rmSync(file);
    const { url } = await late.listen({ host: '127.0.0.1', port: 0 });
    expect((await fetch(`${url}late.css`)).status).toBe(500);
    writeFileSync(file, 'body {}');
    expect((await fetch(`${url}late.css`)).status).toBe(200);
    await late.close();
  });
});
