import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { messageOf } from '../../../src/lib/errors.ts';
import { templateName, templateUuidStem, uuidStem } from './fleet-plan.ts';
import { gpuNodeIndex, gpuNodeOfPodAddress } from './simulated-nodes.ts';

/**
 * A proxy for Prometheus that answers in place of the pods that kwok only pretends to run. For the address of a collector
 * it gives what a real collector with GPUs of that kind says at this moment, under the name of the node that the address
 * belongs to, with UUIDs of its own. Any other address is one where nobody listens.
 *
 *   node scrape-proxy.ts --port N --template URL --template URL …
 */
const { values } = parseArgs({
  options: { port: { type: 'string' }, template: { type: 'string', multiple: true } },
});

/** One real collector, asked at most once a second. */
class Template {
  readonly #url: string;
  readonly #name: string;
  readonly #uuids: string;
  readonly #answers = new Map<
    string,
    { readonly atMs: number; readonly text: Promise<Exposition> }
  >();

  constructor(url: string, kind: number) {
    this.#url = url;
    this.#name = templateName(kind);
    this.#uuids = templateUuidStem(kind);
  }

  /** Its exposition, as that of another node. */
  async as(node: string, index: number, accept: string): Promise<Exposition> {
    const { contentType, text } = await this.#fresh(accept);
    return {
      contentType,
      text: text
        .replaceAll(`"${this.#name}"`, `"${node}"`)
        .replaceAll(this.#uuids, uuidStem(index)),
    };
  }

  #fresh(accept: string): Promise<Exposition> {
    const known = this.#answers.get(accept);
    if (known !== undefined && performance.now() - known.atMs < 1000) return known.text;
    const text = this.#read(accept);
    this.#answers.set(accept, { atMs: performance.now(), text });
    return text;
  }

  async #read(accept: string): Promise<Exposition> {
    const response = await fetch(`${this.#url}/metrics`, { headers: { accept } });
    if (!response.ok) throw new Error(`${this.#url}: ${response.status}`);
    const contentType = response.headers.get('content-type') ?? '';
    return { contentType, text: await response.text() };
  }
}

interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

const templates = (values.template ?? []).map((url, kind) => new Template(url, kind));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://proxy');
  if (url.pathname === '/healthz') {
    response.end('ok');
    return;
  }
  const node = gpuNodeOfPodAddress(url.hostname);
  const index = node === undefined ? undefined : gpuNodeIndex(node);
  const template = index === undefined ? undefined : templates[index % templates.length];
  if (node === undefined || index === undefined || template === undefined) {
    response.writeHead(502).end(`nobody at ${url.host}\n`);
    return;
  }
  const { contentType, text } = await template.as(node, index, request.headers.accept ?? '*/*');
  response.writeHead(200, { 'content-type': contentType }).end(text);
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    response.writeHead(502).end(`${messageOf(error)}\n`);
  });
});
server.keepAliveTimeout = 120_000;
server.listen(Number(values.port), '127.0.0.1');
