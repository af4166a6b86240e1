import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy before a real Prometheus that may change answers; the headers are those of Prometheus, its Date included. */
export interface QueryProxy {
  readonly url: string;
  /** Asked for every answer; returns what the client gets. Default: the answer as it is. */
  change: (query: string, answer: string) => string;
  close(): Promise<void>;
}

export async function startQueryProxy(prometheusUrl: string): Promise<QueryProxy> {
  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = await textOf(message);
    const sent = request(new URL(message.url ?? '/', prometheusUrl), {
      method: message.method,
      headers: { 'content-type': message.headers['content-type'] ?? 'text/plain' },
    });
    sent.on('error', () => response.destroy());
    sent.on('response', (answer) => {
      void textOf(answer).then((text) => {
        const query = new URLSearchParams(form).get('query') ?? '';
        const body = Buffer.from(proxy.change(query, text));
        const { date = '', 'content-type': type = '' } = answer.headers;
        response.writeHead(answer.statusCode ?? 502, {
          date,
          'content-type': type,
          'content-length': body.length,
        });
        response.end(body);
      });
    });
    sent.end(form);
  };
  const server = createServer((message, response) => {
    void handle(message, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: QueryProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    change: (_query, answer) => answer,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return proxy;
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** The answer to `time()`, as of so many seconds later. */
export function laterTime(answer: string, seconds: number): string {
  const parsed = JSON.parse(answer) as { data: { result: [number, string] } };
  const later = Number(parsed.data.result[1]) + seconds;
  parsed.data.result = [later, String(later)];
  return JSON.stringify(parsed);
}
