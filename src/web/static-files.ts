import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { RequestHandler, Route, WebRequest, WebResponse } from './route.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};
const compressedAlready = new Set(['.png', '.ico', '.woff2']);

/** Nothing from elsewhere is loaded, whatever ends up in a page. */
const contentSecurityPolicy =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'";

interface LoadedFile {
  readonly type: string;
  readonly etag: string;
  readonly plain: Buffer;
  readonly gzip: Buffer | null;
}

/**
 * Routes for the files of a folder, `index.html` for the folder itself. There is a route for each file that is there at the
 * start, so no path leads out of the folder. A file is read when first asked for, then kept.
 * @throws when the folder cannot be read
 */
export function staticFiles(folder: string, description: string): readonly Route[] {
  const routes: Route[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    let content: Promise<LoadedFile> | undefined;
    const handle: RequestHandler = async (request) => {
      content ??= load(file).catch((error: unknown) => {
        // Only what was read is kept: the next request tries again.
        content = undefined;
        throw error;
      });
      return respond(await content, request);
    };
    routes.push({ path, description: '', handle });
    if (entry.name === 'index.html') {
      const shown = path === '/index.html' ? description : '';
      routes.push({ path: path.slice(0, -'index.html'.length), description: shown, handle });
    }
  }
  return routes;
}

async function load(file: string): Promise<LoadedFile> {
  const plain = await readFile(file);
  const extension = extname(file);
  return {
    type: contentTypes[extension] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    plain,
    gzip: compressedAlready.has(extension) ? null : await promisify(gzip)(plain, { level: 9 }),
  };
}

function respond(file: LoadedFile, { headers }: WebRequest): WebResponse {
  const common = { etag: file.etag, 'cache-control': 'no-cache', vary: 'accept-encoding' };
  const known = headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known?.includes(file.etag)) return { status: 304, headers: common, body: '' };
  const compressed = /\bgzip\b/.test(headers['accept-encoding']?.toString() ?? '')
    ? file.gzip
    : null;
  return {
    status: 200,
    headers: {
      ...common,
      'content-type': file.type,
      ...(file.type.startsWith('text/html')
        ? { 'content-security-policy': contentSecurityPolicy }
        : {}),
      ...(compressed === null ? {} : { 'content-encoding': 'gzip' }),
    },
    body: compressed ?? file.plain,
  };
}
