import { parentPort } from 'node:worker_threads';
import { runJob, type Job } from './job.ts';

// One job at a time: the pool sends the next when it has the answer.
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- of windows, not of worker threads
parentPort?.on('message', (job: Job) => parentPort?.postMessage(runJob(job)));
