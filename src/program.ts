import { readFile } from 'node:fs/promises';
import type { HardEnd } from './app/app-context.ts';
import { runCommandLine } from './cli/command-line.ts';
import { describeFailure } from './cli/error-text.ts';
import { keyInput } from './cli/key-input.ts';
import { textOutput } from './cli/text-stream.ts';
import { processEnvironment } from './config/environment.ts';
import { codeOf, isAbort } from './lib/errors.ts';
import { restartWith } from './lib/restart-process.ts';

/** From the first signal to the end, at most; then the process ends all the same, with exit code 1. */
const graceMs = 15_000;

const startedWith = {
  argv: process.argv,
  execArgv: process.execArgv,
  environment: processEnvironment(),
};
// A driver call that hangs holds a thread of libuv's pool, which is made once: one for each of sixteen GPUs, and four more.
const threads = { UV_THREADPOOL_SIZE: '20' };
if (process.argv[2] === 'standalone') restartWith({ flags: [], environment: threads, startedWith });
// A collector runs on every GPU node for months; V8 and malloc take these only at the start. bench/collector.ts shows
// what they save, docs/adr/0005-lean-collector-process.md what each does.
if (process.argv[2] === 'collector') {
  restartWith({
    flags: [
      '--max-semi-space-size=1',
      '--optimize-for-size',
      '--heap-growing-percent=10',
      '--no-turbofan',
    ],
    environment: {
      MALLOC_ARENA_MAX: '1',
      MALLOC_MMAP_THRESHOLD_: '16384',
      MALLOC_TRIM_THRESHOLD_: '65536',
      ...threads,
    },
    startedWith,
  });
}

const stop = new AbortController();
/** The first signal that asked to end. */
let stoppedBy: number | null = null;
let hardEnd: HardEnd | null = null;

process.on('SIGTERM', () => onSignal(15));
process.on('SIGINT', () => onSignal(2));
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
// `gpu-profiler … | head`: whoever read has gone, so there is nothing left to do.
process.stdout.on('error', (error) => (codeOf(error) === 'EPIPE' ? void end(0) : fail(error)));

try {
  const exitCode = await runCommandLine(process.argv.slice(2), {
    env: processEnvironment(),
    stdout: textOutput(process.stdout),
    stderr: textOutput(process.stderr),
    keys: keyInput(process.stdin),
    signal: stop.signal,
    readFile: (path) => readFile(path, 'utf8'),
    registerHardEnd: (given) => {
      hardEnd = given;
    },
  });
  await end(exitCode);
} catch (error) {
  fail(error);
}

function onSignal(number: number): void {
  // A second one: whoever asks twice does not want to wait.
  if (stop.signal.aborted) {
    void end(128 + number);
    return;
  }
  stoppedBy = number;
  stop.abort();
  setTimeout(() => {
    process.stderr.write(`gpu-profiler: not stopped after ${graceMs / 1000} s, ending at once\n`);
    void end(1);
  }, graceMs).unref();
}

function fail(error: unknown): void {
  // Whoever interrupts knows why it did not finish; the exit code is that of a shell.
  if (stoppedBy !== null && isAbort(error)) {
    void end(128 + stoppedBy);
    return;
  }
  const { text, exitCode } = describeFailure(error);
  process.stderr.write(text);
  void end(exitCode);
}

/** The only way out. While a driver call hangs, process.exit would wait for it. */
async function end(exitCode: number): Promise<void> {
  if (hardEnd?.needed() === true) await hardEnd.end(exitCode);
  process.exit(exitCode);
}
