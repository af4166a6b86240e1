import { spawn, type ChildProcess } from 'node:child_process';
import { Agent, type OutgoingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { waitUntil } from '../../support/wait-until.ts';
import { keptGet, type Answer } from './kept-get.ts';

const main = join(import.meta.dirname, '..', '..', '..', 'src', 'main.ts');

/** A collector in a process of its own, on a free port, with everything it logged. */
export class RunningCollector {
  readonly #child: ChildProcess;
  readonly #agent = new Agent({ keepAlive: true });
  readonly exit: Promise<number | null>;
  log = '';
  port = 0;

  constructor(args: readonly string[]) {
    this.#child = spawn(process.execPath, [main, 'collector', ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child.stderr?.on('data', (text: Buffer) => {
      this.log += String(text);
    });
    this.exit = new Promise((resolve) => {
      this.#child.on('exit', (code) => resolve(code));
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves when it tells its address. */
  async listening(): Promise<this> {
    this.port = await waitUntil(
      () => {
        const found = /listening address=127\.0\.0\.1:(\d+)/.exec(this.log);
        return found === null ? undefined : Number(found[1]);
      },
      { what: 'collector listening', timeoutMs: 20_000, everyMs: 20, context: () => this.log },
    );
    return this;
  }

  /** One request on a kept connection. */
  get(path: string, headers: OutgoingHttpHeaders = {}): Promise<Answer> {
    return keptGet(this.#agent, this.port, path, headers);
  }

  async metrics(): Promise<string> {
    return String((await this.get('/metrics')).body);
  }

  /** Scrapes until the text has what is looked for. */
  async until(what: string, found: (text: string) => boolean, timeoutMs = 15_000): Promise<string> {
    return waitUntil(
      async () => {
        const text = await this.metrics();
        return found(text) ? text : undefined;
      },
      { what, timeoutMs, context: () => this.log },
    );
  }

  terminate(): void {
    this.#child.kill('SIGTERM');
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL');
      await this.exit;
    }
  }
}

/** Values of a family by the label `gpu` (empty: no such label). */
export function valuesOf(text: string, family: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (!line.startsWith(`${family}{`) && !line.startsWith(`${family} `)) continue;
    const gpu = /[{,]gpu="([^"]*)"/.exec(line)?.[1] ?? '';
    values.set(gpu, Number(line.slice(line.lastIndexOf(' ') + 1)));
  }
  return values;
}
