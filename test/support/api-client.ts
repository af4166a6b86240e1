import { request } from 'node:https';

export interface ApiAccess {
  /** `https://127.0.0.1:6443` */
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  readonly token: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** An answer of 400 or above. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export type PatchType = 'merge' | 'json' | 'strategic-merge';

/** A small client for what the tests themselves do to a real API server: objects in and out as plain JSON. */
export class ApiClient {
  readonly #access: ApiAccess;

  constructor(access: ApiAccess) {
    this.#access = access;
  }

  async get<T = Record<string, unknown>>(path: string): Promise<T> {
    return (await this.#orThrow('GET', path)) as T;
  }

  async create<T = Record<string, unknown>>(path: string, object: object): Promise<T> {
    return (await this.#orThrow('POST', path, object)) as T;
  }

  async replace<T = Record<string, unknown>>(path: string, object: object): Promise<T> {
    return (await this.#orThrow('PUT', path, object)) as T;
  }

  async patch<T = Record<string, unknown>>(
    path: string,
    patch: object,
    type: PatchType = 'merge',
  ): Promise<T> {
    return (await this.#orThrow('PATCH', path, patch, `application/${type}-patch+json`)) as T;
  }

  async delete(path: string): Promise<void> {
    await this.#orThrow('DELETE', path);
  }

  /** Any request; the status is the caller's to judge. */
  send(
    method: string,
    path: string,
    body?: object,
    contentType = 'application/json',
  ): Promise<ApiAnswer> {
    const { url, ca, token } = this.#access;
    return new Promise((resolve, reject) => {
      const sent = request(
        new URL(path, url),
        {
          method,
          ca,
          timeout: 30_000,
          headers: {
            authorization: `Bearer ${token}`,
            accept: 'application/json',
            ...(body === undefined ? {} : { 'content-type': contentType }),
          },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (part: string) => (text += part));
          response.on('error', reject);
          response.on('end', () => {
            resolve({ status: response.statusCode ?? 0, body: parse(text) });
          });
        },
      );
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer within 30 s`)));
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async #orThrow(
    method: string,
    path: string,
    body?: object,
    contentType?: string,
  ): Promise<unknown> {
    const answer = await this.send(method, path, body, contentType);
    if (answer.status < 400) return answer.body;
    const { body: said } = answer;
    const message =
      typeof said === 'object' && said !== null && 'message' in said
        ? String(said.message)
        : String(said);
    throw new ApiError(answer.status, `${method} ${path}: ${answer.status} ${message}`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
