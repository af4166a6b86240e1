import { hash } from 'bcryptjs';
import { afterEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../../test/support/wait-until.ts';
import { BasicAuth } from './basic-auth.ts';

const header = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const made: BasicAuth[] = [];

async function basicAuth(cost = 4): Promise<BasicAuth> {
  const auth = new BasicAuth(new Map([['scraper', await hash('a:b', cost)]]));
  made.push(auth);
  return auth;
}

describe('basic auth', () => {
  afterEach(() => {
    for (const auth of made.splice(0)) auth.close();
  });

  it('takes the password of a known user, colons in it included, and remembers it', async () => {
    const auth = await basicAuth();
    expect(await auth.check(header('scraper:a:b'), '::1')).toBe('right');
    expect(auth.check(header('scraper:a:b'), '::1')).toBe('right');
  });

  it.each([
    ['a wrong password', header('scraper:b')],
    ['an empty password', header('scraper:')],
    ['an unknown user', header('someone:a:b')],
    ['no colon', header('scraper')],
    ['another scheme', 'Bearer abc'],
    ['no header', undefined],
  ])('refuses %s, the second time without looking', async (_, given) => {
    const auth = await basicAuth();
    expect(await auth.check(given, '::1')).toBe('wrong');
    expect(auth.check(given, '::1')).toBe('wrong');
  });

  it('forgets the oldest wrong ones when there are too many', async () => {
    const auth = await basicAuth();
    for (let i = 0; i <= 1_024; i += 1) await auth.check(header(`scraper:${i}`), '::1');
    expect(auth.check(header('scraper:1024'), '::1')).toBe('wrong');
    expect(auth.check(header('scraper:0'), '::1')).toBeInstanceOf(Promise);
  });

  it('never works in the main thread: its turns of the event loop go on during a check', async () => {
    const auth = await basicAuth(11);
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 2);
    expect(await auth.check(header('scraper:wrong'), '::1')).toBe('wrong');
    clearInterval(counting);
    // bcryptjs itself gives way once every 100 ms, so it would let pass one or two.
    expect(turns).toBeGreaterThan(10);
  });

  it('lets in an honest first login while 16 clients try one wrong password after the other', async () => {
    const auth = await basicAuth(6);
    expect(await auth.check(header('scraper:a:b'), '::1')).toBe('right');
    const other = await basicAuth(6);
    const over = new AbortController();
    let wrong = 0;
    const attack = async (client: number): Promise<void> => {
      for (let i = 0; !over.signal.aborted; i += 1) {
        expect(await other.check(header(`scraper:${client}-${i}`), '10.0.0.1')).toBe('wrong');
        wrong += 1;
      }
    };
    const attackers = Array.from({ length: 16 }, (_, client) => attack(client));
    await waitUntil(() => wrong >= 32, { what: 'wrong passwords refused', timeoutMs: 15_000 });
    expect(await other.check(header('scraper:a:b'), '10.0.0.1')).toBe('right');
    over.abort();
    await Promise.all(attackers);
  });

  it('says that too many wait, of one address and of all, and checks those that wait', async () => {
    const auth = await basicAuth();
    const tries = Array.from({ length: 40 }, (_, i) => auth.check(header(`scraper:${i}`), 'one'));
    // The first is under way, so it no longer waits.
    expect(tries.filter((one) => one === 'too_many')).toHaveLength(7);
    const others = Array.from({ length: 40 }, (_, i) => auth.check(header(`a:${i}`), `${i}`));
    expect(others.filter((one) => one === 'busy')).toHaveLength(8);
    for (const one of tries) expect(await one).toMatch(/^(?:wrong|too_many)$/);
    expect(await auth.check(header('scraper:a:b'), 'one')).toBe('right');
  });

  it('tells whoever waits while it is closed to ask again', async () => {
    const auth = await basicAuth(10);
    const waiting = auth.check(header('scraper:a:b'), '::1');
    auth.close();
    expect(await waiting).toBe('busy');
  });

  it('an address that tries many does not hold up another', async () => {
    const auth = await basicAuth();
    const order: string[] = [];
    const follow = async (name: string, address: string): Promise<void> => {
      await auth.check(header(`scraper:${name}`), address);
      order.push(name);
    };
    const many = Array.from({ length: 20 }, (_, i) => follow(`${i}`, 'guesser'));
    await Promise.all([...many, follow('honest', 'scraper')]);
    expect(order.indexOf('honest')).toBeLessThan(3);
  });
});
