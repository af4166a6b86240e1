import { describe, expect, it } from 'vitest';
import {
  clientRig,
  failure,
  oneSample,
  type ClientRig,
} from '../../test/support/fake-prometheus/client-rig.ts';
import {
  startFakePrometheus,
  errorAnswer,
  matrixAnswer,
  vectorAnswer,
  type FakeReply,
} from '../../test/support/fake-prometheus/fake-prometheus.ts';

const rig = clientRig();
const client: ClientRig['client'] = (options) => rig.client(options);
const signal = new AbortController().signal;

describe('prometheus/client', () => {
  it('posts a form below the base path, with the headers asked for, on one connection', async () => {
    const asking = client({
      url: `${rig.server.url}/prometheus/`,
      headers: { 'X-Scope-OrgID': 't1' },
    });
    const result = await asking.query('up{a="b"}[5m]', { timeSeconds: 12.5, signal, limit: 7 });
    await asking.query('up', { signal });
    expect(result.series).toEqual([{ labels: { a: 'b' }, points: [[10, '1']] }]);
    const [first, second] = rig.server.asked;
    expect(first?.path).toBe('/prometheus/api/v1/query');
    expect(first?.method).toBe('POST');
    expect(Object.fromEntries(first?.form ?? [])).toEqual({
      query: 'up{a="b"}[5m]',
      time: '12.5',
      limit: '7',
      timeout: '2000ms',
    });
    expect(first?.headers['x-scope-orgid']).toBe('t1');
    expect(second?.connection).toBe(first?.connection);
  });

  const big = 'x'.repeat(3_000_000);
  it.each<[string, FakeReply, string]>([
    ['401', { status: 401, body: 'no' }, 'unauthorized'],
    ['403', { status: 403, contentType: 'text/html', body: '<html>no</html>' }, 'unauthorized'],
    [
      'start-up in plain text',
      { status: 503, contentType: 'text/plain', body: 'Service Unavailable' },
      'starting',
    ],
    ['a login page', { contentType: 'text/html', body: '<!doctype html><form>' }, 'not_prometheus'],
    [
      'a redirect to a login page',
      { status: 302, headers: { location: 'https://login.example/' } },
      'not_prometheus',
    ],
    [
      'another server',
      { status: 404, contentType: 'text/plain', body: '404 page not found' },
      'not_prometheus',
    ],
    ['JSON of something else', { body: '{"hello":1}' }, 'not_prometheus'],
    ['JSON that ends early', { body: oneSample.slice(0, -20) }, 'truncated'],
    ['a connection closed half way', { body: oneSample, cutAfter: 30 }, 'truncated'],
    [
      'status error with 200',
      { body: errorAnswer('execution', 'many-to-many matching') },
      'query_failed',
    ],
    ['a bad query', { status: 400, body: errorAnswer('bad_data', 'parse error') }, 'query_failed'],
    [
      'too many samples',
      {
        status: 422,
        body: errorAnswer(
          'execution',
          'query processing would load too many samples into memory in query execution',
        ),
      },
      'too_much',
    ],
    [
      'too many points',
      {
        status: 400,
        body: errorAnswer(
          'bad_data',
          'exceeded maximum resolution of 11,000 points per timeseries',
        ),
      },
      'too_much',
    ],
    ['413', { status: 413, contentType: 'text/html', body: '<html>' }, 'too_much'],
    ['429', { status: 429, body: 'slow down' }, 'busy'],
    [
      'a query that timed out there',
      { status: 503, body: errorAnswer('timeout', 'query timed out in expression evaluation') },
      'timeout',
    ],
    ['a proxy that gave up', { status: 504, contentType: 'text/html', body: '<html>' }, 'timeout'],
    ['a proxy without a back end', { status: 502, body: 'bad gateway' }, 'unreachable'],
    ['500 in plain text', { status: 500, body: 'Internal Server Error' }, 'server_failed'],
    ['500 as a page', { status: 500, contentType: 'text/html', body: '<html>' }, 'server_failed'],
    ['500 as JSON of a proxy', { status: 500, body: '{"message":"oops"}' }, 'server_failed'],
    ['500 of the API', { status: 500, body: errorAnswer('internal', 'broken') }, 'query_failed'],
    ['a page of a proxy', { status: 503, contentType: 'text/html', body: '<p>' }, 'unreachable'],
    ['a huge answer', { body: matrixAnswer([{ metric: { big }, values: [] }]) }, 'body_too_large'],
    [
      'a small answer that unpacks into a huge one',
      { body: matrixAnswer([{ metric: { big }, values: [] }]), gzip: true },
      'body_too_large',
    ],
    [
      'a result of another type',
      { body: '{"status":"success","data":{"resultType":"streams","result":[]}}' },
      'not_prometheus',
    ],
  ])('classifies %s', async (_name, reply, code) => {
    rig.server.answer = () => reply;
    const error = await failure(client().query('up', { signal }));
    expect(error.code).toBe(code);
    expect(error.hint).toBeTruthy();
  });

  it.each<[string, FakeReply, RegExp]>([
    ['500', { status: 500, body: 'Internal Server Error' }, /log of Prometheus/],
    ['a proxy without a back end', { status: 502, body: 'bad gateway' }, /proxy in front answers/],
    ['another server', { status: 404, body: 'not found' }, /check prometheus\.url/],
    ['a login', { status: 401, body: 'no' }, /bearer-token-file/],
  ])('says what to do by what failed: %s', async (_name, reply, hint) => {
    rig.server.answer = () => reply;
    expect((await failure(client().query('up', { signal }))).hint).toMatch(hint);
  });

  it.each([
    ['http://127.0.0.1:1', /Nothing listens/],
    ['http://prometheus.invalid:9090', /does not resolve|name server/],
  ])('says what to do when %s cannot be reached', async (url, hint) => {
    expect((await failure(client({ url }).query('up', { signal }))).hint).toMatch(hint);
  });

  it('classifies what fails before HTTP', async () => {
    const gone = await startFakePrometheus(() => ({}));
    await gone.close();
    expect((await failure(client({ url: gone.url }).query('up', { signal }))).code).toBe(
      'unreachable',
    );
    const unknown = client({ url: 'http://no-such-host.invalid:9090' });
    expect((await failure(unknown.query('up', { signal }))).code).toBe('unreachable');
    const notTls = client({ url: rig.server.url.replace('http:', 'https:') });
    expect((await failure(notTls.query('up', { signal }))).code).toBe('tls_failed');
  });

  it('gives up at its time-out, before and within the answer, and at once when told to stop', async () => {
    rig.server.answer = () => ({ hang: true });
    expect((await failure(client({ timeoutMs: 100 }).query('up', { signal }))).code).toBe(
      'timeout',
    );
    rig.server.answer = () => ({ body: oneSample, delayMs: 1_000 });
    expect((await failure(client({ timeoutMs: 100 }).query('up', { signal }))).code).toBe(
      'timeout',
    );
    const stop = new AbortController();
    const asking = client().query('up', { signal: stop.signal });
    stop.abort(new Error('shutting down'));
    await expect(asking).rejects.toThrow('shutting down');
  });

  it('asks once more when a kept connection had been closed', async () => {
    let calls = 0;
    rig.server.answer = () => {
      calls += 1;
      return calls === 1 ? { reset: true } : { body: oneSample };
    };
    expect((await client().query('up', { signal })).series).toHaveLength(1);
    rig.server.answer = () => ({ reset: true });
    expect((await failure(client().query('up', { signal }))).code).toBe('unreachable');
  });

  it('takes warnings and isPartial for partial, infos not', async () => {
    const asking = client();
    rig.server.answer = () => ({ body: vectorAnswer([], { warnings: ['store gone'] }) });
    expect(await asking.query('up', { signal })).toMatchObject({
      partial: true,
      warnings: ['store gone'],
    });
    rig.server.answer = () => ({ body: vectorAnswer([], { isPartial: true }) });
    expect(await asking.query('up', { signal })).toMatchObject({ partial: true });
    rig.server.answer = () => ({ body: vectorAnswer([], { infos: ['not a counter'] }) });
    expect(await asking.query('up', { signal })).toMatchObject({ partial: false });
    expect(asking.costs().partialAnswers).toBe(2);
    expect(asking.costs().byOutcome.ok?.requests).toBe(3);
    expect(asking.costs().byOutcome.ok?.bytes).toBeGreaterThan(100);
  });

  it('unpacks gzip, and asks for it only when told to', async () => {
    rig.server.answer = () => ({ body: oneSample, gzip: true });
    expect((await client().query('up', { signal })).bytes).toBe(oneSample.length);
    expect(rig.server.asked.at(-1)?.headers['accept-encoding']).toBe('identity');
    await client({ gzip: true }).query('up', { signal });
    expect(rig.server.asked.at(-1)?.headers['accept-encoding']).toBe('gzip');
  });

  it('tells the time of the server', async () => {
    rig.server.answer = () => ({
      headers: { date: 'Fri, 21 Nov 2025 02:13:50 GMT' },
      body: '{"status":"success","data":{"resultType":"scalar","result":[1,"1763700000.25"]}}',
    });
    expect(await client().serverTime(signal)).toEqual({
      seconds: 1763700000.25,
      dateSeconds: 1763691230,
    });
  });

  it('refuses a password in the URL', () => {
    expect(() => client({ url: 'http://user:secret@h:1' })).toThrow(/must not hold/);
  });
});
