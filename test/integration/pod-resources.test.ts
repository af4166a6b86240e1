import { spawnSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { listPodResources } from '../../src/attribution/kubelet/list-pod-resources.ts';
import type { PodResourcesError } from '../../src/attribution/pod-resources-error.ts';
import { askAs, askWithoutCapabilities } from '../support/kubelet/ask-as.ts';
import { FakeKubelet, podWith } from '../support/kubelet/fake-kubelet.ts';
import { fullNode } from '../support/kubelet/full-node.ts';

const folder = mkdtempSync(join(tmpdir(), 'pod-resources-'));
const ends: (() => void)[] = [];
let sockets = 0;

afterEach(() => {
  for (const end of ends.splice(0)) end();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A socket of its own, in the folder of the test. */
function newSocket(): string {
  sockets += 1;
  return join(folder, `${sockets}.sock`);
}

async function startKubelet(options?: { withLister: boolean }): Promise<FakeKubelet> {
  const kubelet = new FakeKubelet(newSocket());
  await kubelet.start(options);
  ends.push(() => kubelet.stop());
  return kubelet;
}

function list(socket: string, deadlineMs = 5_000, signal = new AbortController().signal) {
  return listPodResources({ socket, wants: () => true, deadlineMs, signal });
}

/** The error of a list that must fail. */
async function failure(socket: string, deadlineMs?: number): Promise<PodResourcesError> {
  try {
    await list(socket, deadlineMs);
  } catch (error) {
    return error as PodResourcesError;
  }
  throw new Error('it did not fail');
}

async function listen(server: Server, socket: string): Promise<void> {
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const open = new Set<{ destroy(): void }>();
  server.on('connection', (connection) => open.add(connection));
  ends.push(() => {
    for (const connection of open) connection.destroy();
    server.close();
  });
}

describe('asking a kubelet', () => {
  it('gets what its pods hold', async () => {
    const kubelet = await startKubelet();
    kubelet.pods([podWith('train', ['GPU-1', 'GPU-2']), podWith('web', [])]);
    expect(await list(kubelet.socket)).toEqual(
      ['GPU-1', 'GPU-2'].map((deviceId) => ({
        namespace: 'default',
        pod: 'train',
        container: 'main',
        resource: 'nvidia.com/gpu',
        deviceId,
      })),
    );
  });

  it('gets an answer of a full node, many times the window of a connection, and in slices', async () => {
    const kubelet = await startKubelet();
    const { pods, gpuPods, bytes } = fullNode();
    kubelet.pods(pods);
    let turns = 0;
    let going = true;
    const turn = (): void => {
      turns += 1;
      if (going) setImmediate(turn);
    };
    turn();
    const held = await listPodResources({
      socket: kubelet.socket,
      wants: (resource) => resource === 'nvidia.com/gpu',
      deadlineMs: 10_000,
      signal: new AbortController().signal,
    });
    going = false;
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(held).toHaveLength(gpuPods);
    expect(turns).toBeGreaterThan(10);
  });

  it('refuses an answer beyond all measure without taking it', async () => {
    const kubelet = await startKubelet();
    kubelet.behave({ kind: 'bytes', bytes: Buffer.alloc(17 * 1024 * 1024) });
    expect(await failure(kubelet.socket)).toMatchObject({ code: 'too_large' });
  });

  it.each([
    [status.UNIMPLEMENTED, 'not here', 'unimplemented'],
    [status.RESOURCE_EXHAUSTED, 'rejected by rate limit', 'rejected'],
    [status.INTERNAL, 'grün & "quoted" 100%', 'rejected'],
    [status.DEADLINE_EXCEEDED, 'slow', 'timeout'],
  ])('names gRPC status %d with the words of the kubelet', async (code, details, problem) => {
    const kubelet = await startKubelet();
    kubelet.behave({ kind: 'error', code, details });
    const error = await failure(kubelet.socket);
    expect(error).toMatchObject({ code: problem });
    expect(error.message).toContain(details);
    expect(error.hint).not.toBe('');
  });

  it('says of a kubelet without the service that it is too old', async () => {
    const kubelet = await startKubelet({ withLister: false });
    const error = await failure(kubelet.socket);
    expect(error).toMatchObject({ code: 'unimplemented' });
    expect(error.hint).toContain('upgrade');
  });

  it('waits no longer than its deadline for one that hangs, whether or not it takes the request', async () => {
    const kubelet = await startKubelet();
    kubelet.behave({ kind: 'hang' });
    const silent = newSocket();
    await listen(createServer(), silent);
    for (const socket of [kubelet.socket, silent]) {
      expect(await failure(socket, 300)).toMatchObject({ code: 'timeout' });
    }
  });

  it('stops at once when it is told to', async () => {
    const kubelet = await startKubelet();
    kubelet.behave({ kind: 'hang' });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    await expect(list(kubelet.socket, 600_000, stop.signal)).rejects.toThrow('abort');
  });
});

describe('a socket that cannot be used', () => {
  it('tells a missing folder from a missing socket', async () => {
    const inNoFolder = await failure(join(folder, 'nowhere', 'kubelet.sock'));
    expect(inNoFolder).toMatchObject({ code: 'no_kubelet' });
    expect(inNoFolder.hint).toContain('mount');
    expect(await failure(newSocket())).toMatchObject({ code: 'socket_missing' });
  });

  it('tells a socket that nobody listens on, as one that was mounted by itself is after a restart', async () => {
    const kubelet = await startKubelet();
    const mounted = newSocket();
    linkSync(kubelet.socket, mounted);
    kubelet.stop();
    await kubelet.start();
    await list(kubelet.socket);
    const error = await failure(mounted);
    expect(error).toMatchObject({ code: 'connection_refused' });
    expect(error.hint).toContain('folder');
  });

  it('tells what is no gRPC server', async () => {
    const babble = newSocket();
    await listen(
      createServer((connection) => {
        connection.on('error', () => undefined);
        connection.end('220 mail.example.com ESMTP\r\n');
      }),
      babble,
    );
    expect((await failure(babble)).code).toMatch(/^(bad_answer|disconnected)$/);
    const web = createHttp2Server((_, response) => {
      response.writeHead(404);
      response.end();
    });
    const webSocket = newSocket();
    await new Promise<void>((resolve) => web.listen(webSocket, resolve));
    ends.push(() => web.close());
    expect(await failure(webSocket)).toMatchObject({ code: 'bad_answer' });
    const file = newSocket();
    writeFileSync(file, '');
    expect((await failure(file)).code).toMatch(/^(connection_refused|disconnected)$/);
  });

  it.each([
    ['half a message', [0, 0, 0, 0, 9, 1, 2], '0', 'bad_answer'],
    ['two messages', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], '0', 'bad_answer'],
    ['a compressed one', [1, 0, 0, 0, 0], '0', 'bad_answer'],
    ['no message', [], '0', 'bad_answer'],
    ['garbage in it', [0, 0, 0, 0, 2, 0x0a, 0x7f], '0', 'bad_answer'],
    ['no status', [0, 0, 0, 0, 0], undefined, 'disconnected'],
  ])('refuses an answer with %s', async (_, bytes, grpcStatus, code) => {
    const socket = newSocket();
    const server = createHttp2Server();
    server.on('stream', (stream) => {
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc' },
        { waitForTrailers: grpcStatus !== undefined },
      );
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': grpcStatus }));
      stream.end(Buffer.from(bytes));
    });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    ends.push(() => server.close());
    expect(await failure(socket)).toMatchObject({ code });
  });

  it('tells a server that ends in the middle of an answer', async () => {
    const kubelet = await startKubelet();
    kubelet.behave({ kind: 'hang' });
    setTimeout(() => kubelet.stop(), 200);
    expect(await failure(kubelet.socket)).toMatchObject({ code: 'disconnected' });
  });

  it('tells a user who may not: the folder is that of root, 0750, and so is the socket', async ({
    skip,
  }) => {
    if (process.getuid?.() !== 0) skip('needs root, to ask as somebody else');
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o750 });
    // The tests' own folder is open to its owner only, which would say the same for another reason.
    chmodSync(folder, 0o755);
    const kubelet = new FakeKubelet(join(closed, 'kubelet.sock'));
    await kubelet.start();
    ends.push(() => kubelet.stop());
    expect(await askAs(65_532, 65_532, kubelet.socket)).toMatch(/^permission_denied, user 65532/);
    // In the group of root the folder opens; a socket with the usual mode 0755 does not.
    chmodSync(kubelet.socket, 0o755);
    expect(await askAs(65_532, 0, kubelet.socket)).toMatch(/^permission_denied, user 65532/);
  });
});

describe('root without capabilities', () => {
  it('may use the socket of root in a folder of root, as the collector does in its pod', async ({
    skip,
  }) => {
    const setpriv = spawnSync('setpriv', ['--version']);
    if (process.getuid?.() !== 0 || setpriv.status !== 0) skip('needs root and setpriv');
    const closed = join(folder, 'caps');
    mkdirSync(closed, { mode: 0o750 });
    const kubelet = new FakeKubelet(join(closed, 'kubelet.sock'));
    await kubelet.start();
    ends.push(() => kubelet.stop());
    chmodSync(kubelet.socket, 0o700);
    expect(await askWithoutCapabilities(kubelet.socket)).toBe('answered, user 0, capabilities 0');
  });
});
