import { parentPort } from 'node:worker_threads';
import { compare } from 'bcryptjs';

/** A question: does the password belong to the bcrypt hash? */
export interface PasswordQuestion {
  readonly id: number;
  readonly password: string;
  readonly hash: string;
}

export interface PasswordAnswer {
  readonly id: number;
  readonly isSame: boolean;
}

// The entry of a thread of its own: a check takes 50 ms and more, during which a scrape would have to wait.
parentPort?.on('message', ({ id, password, hash }: PasswordQuestion) => {
  void compare(password, hash).then((isSame) => {
    const answer: PasswordAnswer = { id, isSame };
    parentPort?.postMessage(answer);
  });
});
