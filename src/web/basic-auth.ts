import { createHash, randomBytes } from 'node:crypto';

/** A scraper and a few people; a hash takes 50 ms to check, which is what it is for. */
const rememberedMax = 64;
/** Checks that wait; beyond it a client is refused at once, so that wrong passwords cannot take the process's time. */
const waitingMax = 16;

/** Names and passwords of basic auth against bcrypt hashes. What was right once is remembered, as a digest. */
export class BasicAuth {
  readonly #users: ReadonlyMap<string, string>;
  readonly #salt = randomBytes(16);
  readonly #right = new Set<string>();
  #waiting = 0;
  /** One check at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(users: ReadonlyMap<string, string>) {
    this.#users = users;
  }

  /** Whether the `authorization` header holds a known user's password; at once where that is known already. */
  check(header: string | undefined): boolean | Promise<boolean> {
    const credentials = credentialsIn(header);
    if (credentials === null) return false;
    const digest = createHash('sha256').update(this.#salt).update(credentials).digest('base64');
    if (this.#right.has(digest)) return true;
    if (this.#waiting >= waitingMax) return false;
    this.#waiting += 1;
    const checked = this.#last.then(() => this.#compare(credentials, digest));
    this.#last = checked.catch(() => false).finally(() => (this.#waiting -= 1));
    return checked;
  }

  async #compare(credentials: string, digest: string): Promise<boolean> {
    const colon = credentials.indexOf(':');
    const hash = this.#users.get(credentials.slice(0, colon));
    // Loaded only where there are users.
    const { compare } = await import('bcryptjs');
    // An unknown name takes as long as a wrong password.
    const [someHash = ''] = this.#users.values();
    const isSame = await compare(credentials.slice(colon + 1), hash ?? someHash);
    if (!isSame || hash === undefined) return false;
    if (this.#right.size >= rememberedMax) this.#right.clear();
    this.#right.add(digest);
    return true;
  }
}

/** `user:password`; null without a readable header. */
function credentialsIn(header: string | undefined): string | null {
  const found = /^Basic +([A-Za-z0-9+/=]+) *$/i.exec(header ?? '');
  if (found?.[1] === undefined) return null;
  const text = Buffer.from(found[1], 'base64').toString('utf8');
  return text.includes(':') ? text : null;
}
