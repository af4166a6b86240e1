import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess, tailOf, type StartedProcess } from './child-process.ts';
import { GivenUp, waitUntil } from './wait-until.ts';

export interface ServiceOptions {
  readonly name: string;
  readonly url: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Its folder, removed by `stop`. */
  readonly dataDir: string;
  /** Whether it answers; throwing means "not yet". */
  readonly isReady: () => Promise<boolean>;
  readonly readyWithinMs?: number;
}

/** A real server under test: started and ready, can be halted and started again on the same port and data. */
export class Service {
  readonly name: string;
  readonly url: string;
  readonly dataDir: string;
  readonly logFile: string;
  readonly #options: ServiceOptions;
  #process: StartedProcess | undefined;

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.name = options.name;
    this.url = options.url;
    this.dataDir = options.dataDir;
    this.logFile = join(options.dataDir, `${options.name}.log`);
  }

  /** Process id; throws when it does not run. */
  get pid(): number {
    if (!this.isRunning || this.#process === undefined)
      throw new Error(`${this.name} is not running`);
    return this.#process.pid;
  }

  get isRunning(): boolean {
    return this.#process !== undefined && this.#process.ended() === undefined;
  }

  /** Starts it, for the first time or after `halt`, and waits until it is ready. */
  async start(): Promise<void> {
    if (this.isRunning) return;
    const { name, command, args, env, isReady } = this.#options;
    const started = startProcess({
      name,
      command,
      args,
      logFile: this.logFile,
      folder: this.dataDir,
      ...(env === undefined ? {} : { env }),
    });
    this.#process = started;
    const probe = async (): Promise<boolean> => {
      if (started.ended() !== undefined) {
        throw new GivenUp(
          `${name} ended while it was starting (${command}); ${tailOf(this.logFile)}`,
        );
      }
      return isReady();
    };
    try {
      await waitUntil(probe, {
        what: `${name} ready at ${this.url}`,
        timeoutMs: this.#options.readyWithinMs ?? 60_000,
        context: () => tailOf(this.logFile),
      });
    } catch (error) {
      await started.stop(1000);
      throw error;
    }
  }

  /** Ends the process; port and data stay, `start` goes on from there. */
  async halt(): Promise<void> {
    await this.#process?.stop();
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.signal(signal);
  }

  /** Ends the process and removes its folder. */
  async stop(): Promise<void> {
    await this.halt();
    await rm(this.dataDir, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A fresh folder for a server's data. */
export function makeDataDir(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `gpu-profiler-${name}-`));
}

/** Starts a service; when that fails, nothing of it is left. */
export async function startService<T extends Service>(service: T): Promise<T> {
  try {
    await service.start();
    return service;
  } catch (error) {
    await service.stop();
    throw error;
  }
}

/** Whether a GET is answered with 200. Throws when nobody listens. */
export async function answersOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
  await response.arrayBuffer();
  return response.status === 200;
}
