import { rename, unlink, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isOurKey, jobTypeKey } from '../../src/controller/annotation-keys.ts';
import { createNodeSender } from '../../src/controller/node-sender.ts';
import { createWriteQueue, type WriteQueue } from '../../src/controller/write-queue.ts';
import { createClusterAccess } from '../../src/kubernetes/client.ts';
import { createNodeReflector, type NodeReflector } from '../../src/kubernetes/node-reflector.ts';
import { createTransport, type Transport } from '../../src/kubernetes/transport.ts';
import { systemClock as clock } from '../../src/lib/clock.ts';
import { silentLogger as log } from '../../src/lib/logger.ts';
import {
  metadata,
  refuse,
  startFakeApiServer,
  type FakeApiServer,
  type SeenRequest,
} from '../support/fake-apiserver/fake-apiserver.ts';
import { waitUntil } from '../support/wait-until.ts';

const names = Array.from({ length: 30 }, (_, index) => `node-${index}`);
const term = { signal: new AbortController().signal, mayWrite: () => true, inherited: {} };

describe('an API server that misbehaves', () => {
  let fake: FakeApiServer;
  let transport: Transport;
  let reflector: NodeReflector;
  let queue: WriteQueue;
  let stop: AbortController;
  let running: Promise<unknown>[];
  let random: () => number;

  const isPatch = ({ method }: SeenRequest): boolean => method === 'PATCH';
  const isWatch = ({ query }: SeenRequest): boolean => query.get('watch') !== null;
  const isList = (request: SeenRequest): boolean => request.method === 'GET' && !isWatch(request);

  beforeEach(async () => {
    fake = await startFakeApiServer(names);
    stop = new AbortController();
    random = Math.random;
    transport = createTransport({
      access: createClusterAccess({ kubeconfigFile: fake.kubeconfigFile, context: null }),
      clock,
      maxSockets: 8,
      userAgent: 'faults-test',
      headerTimeoutMs: 500,
    });
    reflector = createNodeReflector({
      transport,
      clock,
      log,
      keep: isOurKey,
      labelSelector: null,
      random: () => random(),
    });
    const sender = createNodeSender(transport, reflector, isOurKey);
    queue = createWriteQueue({
      clock,
      log,
      send: (order, signal) => sender.send(order, term, signal),
      writesPerSecond: 100,
      writesInFlight: 4,
    });
    running = [queue.run(stop.signal)];
  });

  afterEach(async () => {
    stop.abort();
    transport.close();
    await Promise.all(running);
    await fake.close();
  });

  const mirror = async (): Promise<void> => {
    running.push(reflector.run(stop.signal));
    await reflector.synced(stop.signal);
    await waitUntil(() => fake.openWatches() === 1, { what: 'a watch', timeoutMs: 5_000 });
  };
  const order = (value: string): void => {
    for (const node of names) {
      queue.put({ node, uid: `uid-${node}`, wanted: { [jobTypeKey(0)]: value } });
    }
  };
  const converged = (value: string): boolean =>
    [...fake.nodes.values()].every(({ annotations }) => annotations[jobTypeKey(0)] === value);

  it('waits for as long as 429 with Retry-After says, and loses no node', async () => {
    await mirror();
    const refusedMs = new Map<string, number>();
    fake.fault = (request) => {
      if (!isPatch(request) || refusedMs.has(request.path) || refusedMs.size === 8) return false;
      refusedMs.set(request.path, request.atMs);
      return refuse(request, 429, { 'retry-after': '1' });
    };
    order('DLT');
    await waitUntil(() => converged('DLT'), { what: 'all nodes', timeoutMs: 40_000 });
    const patches = fake.requests.filter(isPatch);
    for (const [path, atMs] of refusedMs) {
      const second = patches.filter((request) => request.path === path)[1];
      expect((second?.atMs ?? 0) - atMs).toBeGreaterThan(999);
    }
    expect(patches.length).toBeLessThanOrEqual(2 * names.length);
  });

  it('gets through when every fifth request fails, with few more requests', async () => {
    await mirror();
    let count = 0;
    fake.fault = (request) => {
      if (!isPatch(request)) return false;
      count += 1;
      return count % 5 === 0 && refuse(request, [500, 502, 503, 504][count % 4] ?? 500);
    };
    order('DLT');
    await waitUntil(() => converged('DLT'), { what: 'all nodes', timeoutMs: 40_000 });
    expect(count).toBeLessThanOrEqual(1.5 * names.length);
  });

  it('sends the newest value, one request per node at a time', async () => {
    await mirror();
    const underWay = new Map<string, number>();
    let most = 0;
    fake.fault = (request) => {
      if (!isPatch(request)) return false;
      const count = (underWay.get(request.path) ?? 0) + 1;
      most = Math.max(most, count);
      underWay.set(request.path, count);
      request.response.on('finish', () => underWay.set(request.path, count - 1));
      return false;
    };
    for (const value of ['a', 'b', 'c', 'd']) {
      order(value);
      await sleep(5);
    }
    await waitUntil(() => converged('d'), { what: 'the newest value', timeoutMs: 10_000 });
    await queue.settled(stop.signal);
    expect(most).toBe(1);
    expect(fake.requests.filter(isPatch).length).toBeLessThan(4 * names.length);
    expect(converged('d')).toBe(true);
  });

  it('gives a request up that is never answered, and sends it again', async () => {
    await mirror();
    let swallowed = 0;
    fake.fault = (request) => {
      if (!isPatch(request) || swallowed >= 3) return false;
      swallowed += 1;
      return true;
    };
    order('DLT');
    await waitUntil(() => converged('DLT'), { what: 'all nodes', timeoutMs: 15_000 });
    expect(queue.status().outcomes['timeout']).toBe(3);
  });

  it('starts a list again that expires half way, without showing a half picture', async () => {
    fake.pageSize = 10;
    let expired = 0;
    let shown = 0;
    fake.fault = (request) => {
      if (isList(request)) shown = Math.max(shown, reflector.nodes().size);
      if (request.query.get('continue') !== '20' || expired > 0) return false;
      expired += 1;
      return refuse(request, 410);
    };
    await mirror();
    expect(shown).toBe(0);
    expect(reflector.nodes().size).toBe(names.length);
    expect(fake.requests.filter(isList)).toHaveLength(6);
  });

  it.each([
    ['in the stream', { type: 'ERROR', object: { kind: 'Status', code: 410, message: 'old' } }],
    ['as garbage', { type: 'MODIFIED', object: {} }],
  ])('lists again when the watch fails %s, and forgets nothing meanwhile', async (_, event) => {
    random = () => 0;
    await mirror();
    let fewest = names.length;
    fake.fault = () => {
      fewest = Math.min(fewest, reflector.nodes().size);
      return false;
    };
    fake.emit(event);
    await waitUntil(() => fake.requests.filter(isList).length === 2 && fake.openWatches() === 1, {
      what: 'a second list and watch',
      timeoutMs: 5_000,
    });
    expect(fewest).toBe(names.length);
  });

  it('goes on from the last bookmark when a watch is cut', async () => {
    random = () => 0;
    await mirror();
    const object = { metadata: { resourceVersion: '4711' } };
    fake.emit({ type: 'BOOKMARK', object });
    await waitUntil(() => reflector.status().eventsTotal === 1, { what: 'it', timeoutMs: 2_000 });
    fake.cutWatches();
    await waitUntil(() => fake.requests.filter(isWatch).length === 2, {
      what: 'a second watch',
      timeoutMs: 5_000,
    });
    expect(fake.requests.findLast(isWatch)?.query.get('resourceVersion')).toBe('4711');
    expect(fake.requests.filter(isList)).toHaveLength(1);
  });

  it('does not ask in a tight loop when the server refuses or ends every watch', async () => {
    await mirror();
    fake.fault = (request) => isWatch(request) && refuse(request, 500);
    fake.cutWatches();
    await sleep(3_000);
    expect(fake.requests.filter(isWatch).length).toBeLessThan(8);
    expect(reflector.status().failuresTotal['server_error']).toBeGreaterThan(0);
  });

  it('takes no older state of a node for news', async () => {
    await mirror();
    order('DLT');
    await waitUntil(() => converged('DLT'), { what: 'all nodes', timeoutMs: 5_000 });
    await queue.settled(stop.signal);
    const before = reflector.nodes().get('node-3');
    const old = { uid: 'uid-node-3', resourceVersion: 1, annotations: {} };
    fake.emit({ type: 'MODIFIED', object: { metadata: metadata('node-3', old) } });
    await waitUntil(() => reflector.status().eventsTotal === 1, { what: 'it', timeoutMs: 2_000 });
    expect(reflector.nodes().get('node-3')).toEqual(before);
  });

  it('reads a token anew that was rotated, also while its file is missing for a moment', async () => {
    await mirror();
    let valid = 'Bearer token-1';
    fake.fault = (request) => request.authorization !== valid && refuse(request, 401);
    valid = 'Bearer token-2';
    await unlink(fake.tokenFile);
    order('DLT');
    await sleep(500);
    expect(converged('DLT')).toBe(false);
    await writeFile(`${fake.tokenFile}.new`, 'token-2');
    await rename(`${fake.tokenFile}.new`, fake.tokenFile);
    await waitUntil(() => converged('DLT'), { what: 'all nodes', timeoutMs: 30_000 });
  });

  it('does not repeat what can never work before some minutes', async () => {
    await mirror();
    fake.fault = (request) => isPatch(request) && refuse(request, 422);
    order('DLT');
    await waitUntil(() => fake.requests.filter(isPatch).length === names.length, {
      what: 'one try each',
      timeoutMs: 5_000,
    });
    order('DLT');
    await sleep(1_000);
    expect(fake.requests.filter(isPatch)).toHaveLength(names.length);
    expect(queue.status().outcomes['invalid']).toBe(names.length);
  });

  it('finds out with few requests that nothing may be written at all', async () => {
    await mirror();
    fake.fault = (request) => isPatch(request) && refuse(request, 403);
    order('DLT');
    await sleep(500);
    order('Others');
    await sleep(1_000);
    // Those under way when the third was refused, and no more.
    expect(fake.requests.filter(isPatch).length).toBeLessThanOrEqual(8);
    expect(queue.status().refusal?.hint).toContain('verbs: [patch]');
  });
});
