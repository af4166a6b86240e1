import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../lib/logger.ts';
import { healthRoutes, type HealthProblem } from './health.ts';
import { textResponse } from './route.ts';
import { WebServer, type BoundAddress } from './server.ts';

const loopback = { host: '127.0.0.1', port: 0 };
const running: WebServer[] = [];

async function serve(): Promise<{ server: WebServer; bound: BoundAddress }> {
  const server = new WebServer({ log: silentLogger, stopGraceMs: 200 });
  running.push(server);
  server.add(
    { path: '/hello', description: 'a greeting', handle: () => textResponse(200, 'hello\n') },
    {
      path: '/query',
      description: 'what was asked',
      handle: ({ query }) => textResponse(200, query.get('q') ?? 'nothing'),
    },
    {
      path: '/late',
      description: 'takes a while',
      handle: async () => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        return textResponse(200, 'late\n');
      },
    },
    {
      path: '/throws',
      description: 'fails',
      handle: () => {
        throw new Error('secret');
      },
    },
    {
      path: '/rejects',
      description: 'fails later',
      handle: () => Promise.reject(new Error('secret')),
    },
  );
  return { server, bound: await server.listen(loopback) };
}

describe('web/server', () => {
  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.close()));
  });

  it('answers GET, and HEAD without the body', async () => {
    const { bound } = await serve();
    const got = await fetch(`${bound.url}hello`);
    expect([got.status, await got.text()]).toEqual([200, 'hello\n']);
    const head = await fetch(`${bound.url}hello`, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe('6');
    expect(await head.text()).toBe('');
  });

  it('gives the query, and waits for late answers', async () => {
    const { bound } = await serve();
    expect(await (await fetch(`${bound.url}query?q=a%20b&x=1`)).text()).toBe('a b');
    expect(await (await fetch(`${bound.url}late`)).text()).toBe('late\n');
  });

  it('lists what there is where there is nothing', async () => {
    const { bound } = await serve();
    const response = await fetch(`${bound.url}metric`);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('/hello    a greeting');
    const root = await fetch(bound.url);
    expect([root.status, await root.text()]).toEqual([
      200,
      expect.stringContaining('/hello    a greeting'),
    ]);
  });

  it('refuses other methods and unreadable paths', async () => {
    const { bound } = await serve();
    const posted = await fetch(`${bound.url}hello`, { method: 'POST', body: 'x' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await fetch(`${bound.url}%E0%A4%A`)).status).toBe(400);
  });

  it.each(['throws', 'rejects'])('answers 500 without details when a route %s', async (path) => {
    const { bound } = await serve();
    const response = await fetch(bound.url + path);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect((await fetch(`${bound.url}hello`)).status).toBe(200);
  });

  it('says that an address is taken, and what to do', async () => {
    const { bound } = await serve();
    const second = new WebServer({ log: silentLogger });
    await expect(second.listen({ host: '127.0.0.1', port: bound.port })).rejects.toMatchObject({
      code: 'address_in_use',
      message: `cannot listen on 127.0.0.1:${bound.port}: it is taken`,
      hint: expect.stringContaining('--web.listen-address') as string,
    });
  });

  it('says that an address is not of this machine', async () => {
    const server = new WebServer({ log: silentLogger });
    await expect(server.listen({ host: '203.0.113.7', port: 0 })).rejects.toMatchObject({
      code: 'address_not_here',
    });
  });

  it('lets a request under way end when it stops, and does not wait for one that stays', async () => {
    const { server, bound } = await serve();
    const late = fetch(`${bound.url}late`);
    const idle = connect(bound.port, '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    idle.write('GET /hello HTTP/1.1\r\nHost: x\r\n');
    await new Promise((resolve) => setTimeout(resolve, 30));
    let said = '';
    idle.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await server.close();
    // Cut off, not waited for: that would have ended with 408, when its time was up.
    expect(said).toBe('');
    expect(await (await late).text()).toBe('late\n');
    idle.destroy();
    await expect(fetch(`${bound.url}hello`)).rejects.toThrow('fetch failed');
  });

  it('tells whether it is alive and ready, and why not', async () => {
    const { server, bound } = await serve();
    let problems: HealthProblem[] = [];
    server.add(...healthRoutes({ live: () => [], ready: () => problems }));
    expect((await fetch(`${bound.url}readyz`)).status).toBe(200);
    problems = [{ code: 'read_hung', detail: 'a call has not returned' }];
    const response = await fetch(`${bound.url}readyz`);
    expect([response.status, await response.json()]).toEqual([503, { ok: false, problems }]);
    expect((await fetch(`${bound.url}healthz`)).status).toBe(200);
  });
});
