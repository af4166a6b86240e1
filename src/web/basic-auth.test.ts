import { hash } from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import { BasicAuth } from './basic-auth.ts';

const header = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const users = async (): Promise<Map<string, string>> =>
  new Map([['scraper', await hash('a:b', 4)]]);

describe('basic auth', () => {
  it('takes the password of a known user, colons in it included, and remembers it', async () => {
    const auth = new BasicAuth(await users());
    expect(await auth.check(header('scraper:a:b'))).toBe(true);
    expect(auth.check(header('scraper:a:b'))).toBe(true);
  });

  it.each([
    ['a wrong password', header('scraper:b')],
    ['an empty password', header('scraper:')],
    ['an unknown user', header('someone:a:b')],
    ['no colon', header('scraper')],
    ['another scheme', 'Bearer abc'],
    ['no header', undefined],
  ])('refuses %s, again and again', async (_, given) => {
    const auth = new BasicAuth(await users());
    expect(await auth.check(given)).toBe(false);
    expect(await auth.check(given)).toBe(false);
  });

  it('refuses at once when too many passwords wait to be checked, and works again after', async () => {
    const auth = new BasicAuth(await users());
    const tries = Array.from({ length: 20 }, (_, i) => auth.check(header(`scraper:${i}`)));
    expect(tries.filter((one) => one === false)).toHaveLength(4);
    for (const one of tries) expect(await one).toBe(false);
    expect(await auth.check(header('scraper:a:b'))).toBe(true);
  });
});
