import { connect, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../lib/logger.ts';
import {
  createAuthority,
  type TestAuthority,
} from '../../test/support/fake-prometheus/certificates.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { healthRoutes } from './health.ts';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { rmSync, readFileSync } from 'node:fs';
import { textResponse } from './route.ts';
import { Connections } from './connections.ts';
import { WebServer } from './server.ts';

const ends: (() => Promise<unknown> | void)[] = [];
let authority: TestAuthority | undefined;

async function serve(isTls: boolean): Promise<{ server: WebServer; port: number }> {
  authority ??= createAuthority('connections');
  const issued = authority.issue('localhost');
  const tls = {
    cert: readFileSync(issued.certFile, 'utf8'),
    key: readFileSync(issued.keyFile, 'utf8'),
    clientCa: null,
    clientAuth: 'NoClientCert',
    minVersion: 'TLSv1.2',
  } as const;
  const access = { tls: isTls ? tls : null, users: null };
  const server = new WebServer({ log: silentLogger, access, stopGraceMs: 50 });
  server.add(...healthRoutes({ live: () => [], ready: () => [] }));
  ends.push(() => server.close());
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  return { server, port };
}

async function silent(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  ends.push(() => void socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

/** A connection of the client with this port. */
function peer(port: number): Socket {
  return Object.defineProperty(new Socket(), 'remotePort', { value: port });
}

/** Status, or what went wrong. */
function get(port: number, path: string, isTls: boolean): Promise<number | string> {
  const options = { host: '127.0.0.1', port, path, agent: false, rejectUnauthorized: false };
  return new Promise((resolve) => {
    const sent = (isTls ? tlsRequest : plainRequest)(options, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', (error) => resolve(error.message));
    sent.end();
  });
}

describe('web/connections', () => {
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
    if (authority !== undefined) rmSync(authority.folder, { recursive: true, force: true });
    authority = undefined;
  });

  it.each([false, true])('300 that say nothing keep no probe out (TLS: %s)', async (isTls) => {
    const { port } = await serve(isTls);
    const sockets = await Promise.all(Array.from({ length: 300 }, () => silent(port)));
    const answers: unknown[] = [];
    for (let i = 0; i < 20; i += 1) answers.push(await get(port, '/healthz', isTls));
    expect(answers).toEqual(Array.from({ length: 20 }, () => 200));
    // The oldest had to go, the youngest are still there.
    expect(
      sockets.filter(({ destroyed, readyState }) => destroyed || readyState !== 'open').length,
    ).toBeGreaterThanOrEqual(44);
    expect(sockets.at(-1)?.readyState).toBe('open');
  });

  it('who has asked and waits for the next time goes only when all have asked', async () => {
    const { port } = await serve(false);
    const kept = await silent(port);
    const answered = new Promise((resolve) => kept.once('data', resolve));
    kept.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    await answered;
    await Promise.all(Array.from({ length: 300 }, () => silent(port)));
    expect(await get(port, '/healthz', false)).toBe(200);
    expect(kept.readyState).toBe('open');
  });

  it('answers health, and 503 to the rest, while every place is taken by a request under way', async () => {
    const { server, port } = await serve(false);
    const gate = Promise.withResolvers<void>();
    let underWay = 0;
    server.add({
      path: '/long',
      description: '',
      handle: async () => {
        underWay += 1;
        await gate.promise;
        return textResponse(200, 'done\n');
      },
    });
    const all = Array.from({ length: 256 }, () => get(port, '/long', false));
    await waitUntil(() => underWay === 256, { what: 'all requests under way', timeoutMs: 15_000 });
    expect(await get(port, '/healthz', false)).toBe(200);
    expect(await get(port, '/long', false)).toBe(503);
    gate.resolve();
    expect(new Set(await Promise.all(all))).toEqual(new Set([200]));
    expect(await get(port, '/long', false)).toBe(200);
  });

  it('whoever takes a place in the reserve is told about health alone', () => {
    const connections = new Connections({ max: 2, reserve: 1 });
    const sockets = Array.from({ length: 4 }, (_, i) => peer(i));
    for (const busy of sockets.slice(0, 2)) {
      connections.opened(busy);
      connections.requested(busy);
    }
    for (const silent of sockets.slice(2)) connections.opened(silent);
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([false, false, true, false]);
    expect(connections.requested(sockets[3]!).reserved).toBe(true);
  });

  it('hears those that come together while all others are idle', async () => {
    const { port } = await serve(false);
    const asked = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
    const idle = await Promise.all(Array.from({ length: 256 }, () => silent(port)));
    const answers = idle.map((socket) => new Promise((resolve) => socket.once('data', resolve)));
    for (const socket of idle) socket.write(asked);
    await Promise.all(answers);
    // Connected one after the other, and only then asking.
    const together: Socket[] = [];
    for (let i = 0; i < 10; i += 1) together.push(await silent(port));
    const ended = together.map(
      (socket) =>
        new Promise<string>((resolve) => {
          socket.once('data', () => resolve('answered'));
          socket.once('close', () => resolve('closed'));
        }),
    );
    for (const socket of together) socket.write(asked);
    expect(await Promise.all(ended)).toEqual(together.map(() => 'answered'));
  });

  it('lets go whoever does not shake hands', async () => {
    const { port } = await serve(true);
    const socket = await silent(port);
    // Node would wait for two minutes, longer than this test may take.
    await new Promise((resolve) => socket.once('close', resolve));
    expect(socket.destroyed).toBe(true);
  });
});
