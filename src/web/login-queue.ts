/** Passwords that wait to be checked. A check takes 50 ms, so what waits longest waits some seconds. */
const waitingMax = 64;
const waitingMaxPerAddress = 32;
/** An honest client may wait behind wrong ones, and its own time-out is seconds. */
const pauseMaxMs = 100;

interface Waiting {
  readonly check: () => Promise<boolean>;
  readonly resolve: (isRight: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Checks of passwords, one at a time. Addresses take turns, so that one that tries many does not hold up the others; after a
 * wrong one there is a pause of up to the time the check took, so that guessing leaves room for other work.
 */
export class LoginQueue {
  /** What waits, by client address; the first is the next. */
  readonly #byAddress = new Map<string, Waiting[]>();
  #waiting = 0;
  #isChecking = false;

  /** Whether the password is right, later; `too_many` or `busy` at once when too much waits of this address or altogether. */
  add(address: string, check: () => Promise<boolean>): Promise<boolean> | 'too_many' | 'busy' {
    const own = this.#byAddress.get(address) ?? [];
    if (own.length >= waitingMaxPerAddress) return 'too_many';
    if (this.#waiting >= waitingMax) return 'busy';
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    own.push({ check, resolve, reject });
    this.#byAddress.set(address, own);
    this.#waiting += 1;
    if (!this.#isChecking) void this.#checkAll();
    return promise;
  }

  async #checkAll(): Promise<void> {
    this.#isChecking = true;
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      const startedMs = performance.now();
      const isRight = await next.check().then(
        (answer) => {
          next?.resolve(answer);
          return answer;
        },
        (error: unknown) => {
          next?.reject(error);
          return false;
        },
      );
      if (!isRight) await pause(Math.min(performance.now() - startedMs, pauseMaxMs));
    }
    this.#isChecking = false;
  }

  #take(): Waiting | undefined {
    const [address, own] = this.#byAddress.entries().next().value ?? [];
    const taken = own?.shift();
    if (address === undefined || own === undefined) return undefined;
    this.#byAddress.delete(address);
    // Behind the other addresses.
    if (own.length > 0) this.#byAddress.set(address, own);
    this.#waiting -= 1;
    return taken;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
