import { createHash, randomBytes } from 'node:crypto';
import { LoginQueue } from './login-queue.ts';
import { PasswordCheck, PasswordCheckClosed } from './password-check.ts';

/** A scraper and a few people. */
const rightMax = 64;
/** A client that is set up wrongly asks the same again and again. */
const wrongMax = 1_024;

/** `too_many`, `busy`: not looked at, for too much waits, of this address or altogether. */
export type Login = 'right' | 'wrong' | 'too_many' | 'busy';

/**
 * Names and passwords of basic auth against bcrypt hashes. What was right or wrong once is remembered, as a digest; only
 * what is new is checked, in a thread of its own, so that nobody who is known waits for it.
 */
export class BasicAuth {
  readonly #users: ReadonlyMap<string, string>;
  readonly #salt = randomBytes(16);
  readonly #right = new Set<string>();
  readonly #wrong = new Set<string>();
  readonly #queue = new LoginQueue();
  readonly #passwords = new PasswordCheck();

  constructor(users: ReadonlyMap<string, string>) {
    this.#users = users;
  }

  /**
   * Whether the `authorization` header holds a known user's password; at once where that is known already.
   * @param address of the client
   */
  check(header: string | undefined, address: string): Login | Promise<Login> {
    const credentials = credentialsIn(header);
    if (credentials === null) return 'wrong';
    const digest = createHash('sha256').update(this.#salt).update(credentials).digest('base64');
    if (this.#right.has(digest)) return 'right';
    if (this.#wrong.has(digest)) return 'wrong';
    const queued = this.#queue.add(address, () => this.#compare(credentials, digest));
    if (!(queued instanceof Promise)) return queued;
    return queued.then(
      (isRight) => (isRight ? 'right' : 'wrong'),
      (error: unknown) => {
        // Whoever waited while the passwords were read anew asks again.
        if (error instanceof PasswordCheckClosed) return 'busy';
        throw error;
      },
    );
  }

  close(): void {
    this.#passwords.close();
  }

  async #compare(credentials: string, digest: string): Promise<boolean> {
    // The same may have waited twice.
    if (this.#right.has(digest)) return true;
    if (this.#wrong.has(digest)) return false;
    const colon = credentials.indexOf(':');
    const hash = this.#users.get(credentials.slice(0, colon));
    // An unknown name takes as long as a wrong password.
    const [someHash = ''] = this.#users.values();
    const isSame = await this.#passwords.isRight(credentials.slice(colon + 1), hash ?? someHash);
    const isRight = isSame && hash !== undefined;
    remember(digest, isRight ? this.#right : this.#wrong, isRight ? rightMax : wrongMax);
    return isRight;
  }
}

/** Forgets the oldest where there is no room. */
function remember(digest: string, known: Set<string>, max: number): void {
  const [oldest] = known;
  if (known.size >= max && oldest !== undefined) known.delete(oldest);
  known.add(digest);
}

/** `user:password`; null without a readable header. */
function credentialsIn(header: string | undefined): string | null {
  const found = /^Basic +([A-Za-z0-9+/=]+) *$/i.exec(header ?? '');
  if (found?.[1] === undefined) return null;
  const text = Buffer.from(found[1], 'base64').toString('utf8');
  return text.includes(':') ? text : null;
}
