import { PrometheusError } from '../errors.ts';
import type { PrometheusOptions } from '../prometheus-options.ts';
import { WatchedFile } from './watched-file.ts';

/** Makes the headers that say who asks, from files that may be rotated at any time. */
export class Credentials {
  readonly #token: WatchedFile | null;
  readonly #password: WatchedFile | null;
  readonly #username: string;

  constructor(options: Pick<PrometheusOptions, 'bearerTokenFile' | 'basicAuth'>) {
    this.#token = options.bearerTokenFile ? new WatchedFile(options.bearerTokenFile) : null;
    this.#password = options.basicAuth ? new WatchedFile(options.basicAuth.passwordFile) : null;
    this.#username = options.basicAuth?.username ?? '';
  }

  async headers(): Promise<Record<string, string>> {
    if (this.#token !== null) {
      const token = oneLine(await this.#token.read(), this.#token.path);
      return { authorization: `Bearer ${token}` };
    }
    if (this.#password !== null) {
      const password = oneLine(await this.#password.read(), this.#password.path);
      const pair = Buffer.from(`${this.#username}:${password}`, 'utf8').toString('base64');
      return { authorization: `Basic ${pair}` };
    }
    return {};
  }
}

/** A line break inside would end the header. */
function oneLine(content: string, path: string): string {
  const line = content.trim();
  if (line === '' || /[\r\n\0]/.test(line)) {
    throw new PrometheusError('file_unreadable', `${path} holds no single line of text`, {
      hint: 'The file must hold the token or password and nothing else.',
    });
  }
  return line;
}
