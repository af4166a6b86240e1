import { spawn, type ChildProcess } from 'node:child_process';
import { Agent } from 'node:http';
import { keptGet, type Answer } from './kept-get.ts';

const program = `
  const server = require('node:http').createServer((_, response) => response.end('x'.repeat(20_000)));
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

/** A server in a process of its own that does nothing but answer: what it takes is what the machine takes. */
export class BareServer {
  readonly #child: ChildProcess;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #port: Promise<number>;

  constructor() {
    this.#child = spawn(process.execPath, ['-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#port = new Promise((resolve, reject) => {
      this.#child.stdout?.once('data', (line: Buffer) => resolve(Number(String(line))));
      this.#child.once('exit', () => reject(new Error('the bare server ended')));
    });
  }

  async get(): Promise<Answer> {
    return keptGet(this.#agent, await this.#port, '/');
  }

  stop(): void {
    this.#agent.destroy();
    this.#child.kill('SIGKILL');
  }
}
