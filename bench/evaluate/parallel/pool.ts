import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { emptyScores, mergeScores, type Scores } from '../rows/scores.ts';
import type { Job } from './job.ts';

export interface PoolOptions {
  /** Default: one per core. */
  readonly workers?: number;
  /** Told after each job. */
  readonly onProgress?: (done: number, all: number) => void;
}

/**
 * Runs all jobs on worker threads and adds up what they counted. The sums do not depend on which worker did what.
 * @throws what a job threw; the workers are ended then
 */
export async function runJobs(jobs: readonly Job[], options: PoolOptions = {}): Promise<Scores> {
  const { workers = availableParallelism(), onProgress } = options;
  const total = emptyScores();
  // The parts by job, so that lists of figures and misses come in the same order however many workers there are.
  const parts: Scores[] = [];
  let next = 0;
  let done = 0;
  const threads = Array.from(
    { length: Math.min(workers, jobs.length) },
    () => new Worker(new URL('worker.ts', import.meta.url)),
  );
  try {
    await Promise.all(
      threads.map(async (thread) => {
        while (next < jobs.length) {
          const index = next++;
          parts[index] = await answerOf(thread, jobs[index]!);
          onProgress?.(++done, jobs.length);
        }
      }),
    );
  } finally {
    await Promise.all(threads.map(async (thread) => thread.terminate()));
  }
  for (const part of parts) mergeScores(total, part);
  return total;
}

function answerOf(thread: Worker, job: Job): Promise<Scores> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      thread.removeAllListeners('message').removeAllListeners('error').removeAllListeners('exit');
    };
    thread.once('message', (scores: Scores) => {
      done();
      resolve(scores);
    });
    thread.once('error', (error) => {
      done();
      reject(error);
    });
    thread.once('exit', (code) => {
      done();
      reject(new Error(`a worker ended with ${code}`));
    });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- of windows, not of worker threads
    thread.postMessage(job);
  });
}
