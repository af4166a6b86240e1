import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly body: string;
  /** performance.now() */
  readonly atMs: number;
  readonly response: ServerResponse;
}

/** Answers one request by itself (true), or leaves it to the usual answer (false). */
export type Fault = (request: SeenRequest) => boolean;

export interface FakeNode {
  readonly uid: string;
  resourceVersion: number;
  annotations: Record<string, string>;
}

/** An API server that knows nodes and lies on demand: for faults that a real one cannot be made to have. Plain HTTP. */
export interface FakeApiServer {
  readonly url: string;
  /** A kubeconfig for it, whose user has a token file. */
  readonly kubeconfigFile: string;
  readonly tokenFile: string;
  readonly nodes: Map<string, FakeNode>;
  readonly requests: SeenRequest[];
  fault: Fault;
  pageSize: number;
  /** Sends a line to every open watch. */
  emit(event: object): void;
  /** Ends every open watch without an end. */
  cutWatches(): void;
  openWatches(): number;
  close(): Promise<void>;
}

export async function startFakeApiServer(names: readonly string[]): Promise<FakeApiServer> {
  const folder = await mkdtemp(join(tmpdir(), 'gpu-profiler-fake-apiserver-'));
  const watches = new Set<ServerResponse>();
  const server = createServer((message, response) => {
    void take(message).then((body) => {
      const url = new URL(message.url ?? '/', 'http://fake');
      const request: SeenRequest = {
        method: message.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        authorization: message.headers.authorization,
        body,
        atMs: performance.now(),
        response,
      };
      fake.requests.push(request);
      if (!fake.fault(request)) answer(fake, watches, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tokenFile = join(folder, 'token');
  const kubeconfigFile = join(folder, 'kubeconfig');
  await writeFile(tokenFile, 'token-1\n');
  await writeFile(kubeconfigFile, JSON.stringify(kubeconfig(url, tokenFile)));
  const fake: FakeApiServer = {
    url,
    kubeconfigFile,
    tokenFile,
    nodes: new Map(
      names.map((name) => [name, { uid: `uid-${name}`, resourceVersion: 1, annotations: {} }]),
    ),
    requests: [],
    fault: () => false,
    pageSize: 500,
    emit: (event) => {
      for (const watch of watches) watch.write(`${JSON.stringify(event)}\n`);
    },
    cutWatches: () => {
      for (const watch of watches) watch.destroy();
      watches.clear();
    },
    openWatches: () => watches.size,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(folder, { recursive: true, force: true });
    },
  };
  return fake;
}

/** A Status object, as every refusal of an API server is. */
export function refuse(
  { response }: SeenRequest,
  code: number,
  headers: Readonly<Record<string, string>> = {},
  details: object = {},
): true {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ kind: 'Status', code, message: `fault ${code}`, details }));
  return true;
}

function answer(fake: FakeApiServer, watches: Set<ServerResponse>, request: SeenRequest): void {
  const { method, path, query, response, body } = request;
  const name = /^\/api\/v1\/nodes\/([^/]+)$/.exec(path)?.[1];
  if (method === 'PATCH' && name !== undefined) {
    patch(fake, request, name, body);
    return;
  }
  if (path !== '/api/v1/nodes') {
    refuse(request, 404);
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  if (query.get('watch') !== null) {
    response.flushHeaders();
    watches.add(response);
    response.on('close', () => watches.delete(response));
    return;
  }
  const start = Number(query.get('continue') ?? 0);
  const all = [...fake.nodes];
  const end = start + fake.pageSize;
  const items = all.slice(start, end).map(([name, node]) => ({ metadata: metadata(name, node) }));
  const more = end < all.length ? { continue: String(end) } : {};
  response.end(JSON.stringify({ items, metadata: { resourceVersion: '100', ...more } }));
}

function patch(fake: FakeApiServer, request: SeenRequest, name: string, body: string): void {
  const node = fake.nodes.get(name);
  if (node === undefined) {
    refuse(request, 404);
    return;
  }
  const { metadata: asked } = JSON.parse(body) as {
    metadata: { uid?: string; annotations: Record<string, string | null> };
  };
  if (asked.uid !== undefined && asked.uid !== node.uid) {
    refuse(request, 422, {}, { causes: [{ field: 'metadata.uid' }] });
    return;
  }
  for (const [key, value] of Object.entries(asked.annotations)) {
    if (value === null) delete node.annotations[key];
    else node.annotations[key] = value;
  }
  node.resourceVersion += 100;
  request.response.writeHead(200, { 'content-type': 'application/json' });
  request.response.end(JSON.stringify({ metadata: metadata(name, node) }));
}

export function metadata(name: string, node: FakeNode): object {
  const { uid, annotations } = node;
  return { name, uid, resourceVersion: String(node.resourceVersion), annotations };
}

function kubeconfig(server: string, tokenFile: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'fake', cluster: { server } }],
    users: [{ name: 'fake', user: { tokenFile } }],
    contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'fake' } }],
    'current-context': 'fake',
  };
}

async function take(message: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of message) text += String(piece);
  return text;
}
