import type { FunctionName } from './declarations.ts';
import type { Argument, NvmlLibrary } from './library.ts';

/** A call that has not returned within its deadline. It cannot be stopped: `returned` resolves with its code if it ever ends. */
export class CallHung extends Error {
  override readonly name = 'CallHung';
  readonly functionName: FunctionName;
  readonly returned: Promise<number>;

  constructor(functionName: FunctionName, deadlineMs: number, returned: Promise<number>) {
    super(`${functionName} has not returned within ${deadlineMs} ms`);
    this.functionName = functionName;
    this.returned = returned;
  }
}

/** Calls into the driver, each with a deadline. */
export class DriverCalls {
  readonly #library: NvmlLibrary;
  readonly #deadlineMs: number;
  readonly #maxHung: number;
  #unreturned = 0;
  #hung = 0;

  /** `maxHung`: so many calls may hang at once; each holds a thread of libuv's pool, and some must stay for files and name look-ups. */
  constructor(library: NvmlLibrary, deadlineMs: number, maxHung: number) {
    this.#library = library;
    this.#deadlineMs = deadlineMs;
    this.#maxHung = maxHung;
  }

  /** Calls past their deadline that have not returned: each holds a thread of the pool. */
  get hungCount(): number {
    return this.#hung;
  }

  /** So many calls hang that no more may be made until one returns. */
  get isStuck(): boolean {
    return this.#hung >= this.#maxHung;
  }

  /** Calls that have not returned, hung or not. */
  get unreturnedCount(): number {
    return this.#unreturned;
  }

  has(name: FunctionName): boolean {
    return this.#library.has(name);
  }

  /**
   * Return code of one call.
   * @throws {CallHung} past the deadline; whatever memory was handed in then belongs to the driver
   * @throws the signal's reason when it aborts; the call goes on by itself
   */
  call(
    name: FunctionName,
    args: readonly Argument[],
    signal: AbortSignal,
    deadlineMs = this.#deadlineMs,
  ): Promise<number> {
    const { promise: returned, resolve: giveCode } = Promise.withResolvers<number>();
    return new Promise((resolve, reject) => {
      let isHung = false;
      const settle = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
      const onAbort = (): void => {
        settle();
        reject(signal.reason as Error);
      };
      const timer = setTimeout(() => {
        isHung = true;
        this.#hung += 1;
        settle();
        reject(new CallHung(name, deadlineMs, returned));
      }, deadlineMs);
      signal.addEventListener('abort', onAbort, { once: true });
      const finish = (code: number): void => {
        this.#unreturned -= 1;
        if (isHung) this.#hung -= 1;
        settle();
        giveCode(code);
        resolve(code);
      };
      try {
        this.#library.start(name, args, finish);
        this.#unreturned += 1;
      } catch (error) {
        settle();
        reject(error);
      }
    });
  }
}
