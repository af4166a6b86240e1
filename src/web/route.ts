import type { IncomingHttpHeaders } from 'node:http';

export interface WebRequest {
  readonly method: 'GET' | 'HEAD';
  /** Decoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

export interface WebResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** What it throws is answered with 500 and logged. */
export type RequestHandler = (request: WebRequest) => WebResponse | Promise<WebResponse>;

export interface Route {
  readonly path: string;
  /** For the list of paths, one line; empty: not listed. */
  readonly description: string;
  readonly handle: RequestHandler;
}

export function jsonResponse(status: number, value: unknown): WebResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: `${JSON.stringify(value)}\n`,
  };
}

export function textResponse(status: number, body: string): WebResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
