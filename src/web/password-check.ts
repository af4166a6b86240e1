import { Worker } from 'node:worker_threads';
import type { PasswordAnswer, PasswordQuestion } from './password-worker.ts';

/** Passwords are seldom checked; a thread that waits costs memory. */
const idleMs = 10_000;

interface Pending {
  readonly resolve: (isSame: boolean) => void;
  readonly reject: (error: Error) => void;
}

/** The check was closed, as when the passwords are read anew, before it had an answer. */
export class PasswordCheckClosed extends Error {
  override readonly name = 'PasswordCheckClosed';
}

/** Checks passwords against bcrypt hashes in a thread of its own, which is there only while there is something to check. */
export class PasswordCheck {
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | undefined;
  #nextId = 0;

  /** @throws PasswordCheckClosed after `close`, and another error when the thread ends before it has answered. */
  isRight(password: string, hash: string): Promise<boolean> {
    clearTimeout(this.#idle);
    const question: PasswordQuestion = { id: (this.#nextId += 1), password, hash };
    this.#worker ??= this.#start();
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    this.#pending.set(question.id, { resolve, reject });
    this.#worker.postMessage(question);
    return promise;
  }

  close(): void {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = null;
    void worker?.terminate();
    this.#fail(new PasswordCheckClosed('the check of passwords was closed'));
  }

  #start(): Worker {
    const here = import.meta.url;
    const extension = here.endsWith('.ts') ? 'ts' : 'js';
    // The flags of the process (the collector has some) are for its main thread.
    const worker = new Worker(new URL(`./password-worker.${extension}`, here), { execArgv: [] });
    worker.unref();
    worker.on('message', ({ id, isSame }: PasswordAnswer) => {
      this.#pending.get(id)?.resolve(isSame);
      this.#pending.delete(id);
      if (this.#pending.size > 0) return;
      this.#idle = setTimeout(() => this.close(), idleMs).unref();
    });
    const ended = (error: Error): void => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#fail(error);
    };
    worker.on('error', ended);
    worker.on('exit', () => ended(new Error('the thread that checks passwords has ended')));
    return worker;
  }

  #fail(error: Error): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(error);
  }
}
