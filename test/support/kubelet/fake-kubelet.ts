import { rmSync } from 'node:fs';
import { Server, ServerCredentials, status, type sendUnaryData } from '@grpc/grpc-js';
import { encodeListAnswer, type ListAnswer, type PodEntry } from './pod-resources-codec.ts';

/** What it does with a request. */
export type Behaviour =
  | { readonly kind: 'answer'; readonly answer: ListAnswer }
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'error'; readonly code: status; readonly details: string }
  | { readonly kind: 'hang' };

/** The kubelet's pod-resources service on a Unix socket, by a gRPC server that is not ours (the official one for Node). */
export class FakeKubelet {
  readonly socket: string;
  #server: Server | null = null;
  #behaviour: Behaviour = { kind: 'answer', answer: { pod_resources: [] } };
  #requests = 0;

  constructor(socket: string) {
    this.socket = socket;
  }

  /** List requests since the beginning. */
  get requests(): number {
    return this.#requests;
  }

  pods(pods: readonly PodEntry[]): void {
    this.#behaviour = { kind: 'answer', answer: { pod_resources: pods } };
  }

  behave(behaviour: Behaviour): void {
    this.#behaviour = behaviour;
  }

  /** Listens anew, as a kubelet does when it starts: what is in the way is removed, so the inode is another one. */
  async start({ withLister = true } = {}): Promise<void> {
    rmSync(this.socket, { force: true });
    const server = new Server({ 'grpc.max_send_message_length': -1 });
    if (withLister) {
      server.addService(
        {
          List: {
            path: '/v1.PodResourcesLister/List',
            requestStream: false,
            responseStream: false,
            requestSerialize: (message: Buffer) => message,
            requestDeserialize: (bytes: Buffer) => bytes,
            responseSerialize: (message: Buffer) => message,
            responseDeserialize: (bytes: Buffer) => bytes,
          },
        },
        { List: (_call: unknown, answer: sendUnaryData<Buffer>) => this.#list(answer) },
      );
    }
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(`unix:${this.socket}`, ServerCredentials.createInsecure(), (error) =>
        error === null ? resolve() : reject(error),
      );
    });
    this.#server = server;
  }

  /** Ends at once, with what is under way; the socket goes. */
  stop(): void {
    this.#server?.forceShutdown();
    this.#server = null;
    rmSync(this.socket, { force: true });
  }

  #list(answer: sendUnaryData<Buffer>): void {
    this.#requests += 1;
    const behaviour = this.#behaviour;
    switch (behaviour.kind) {
      case 'answer':
        answer(null, encodeListAnswer(behaviour.answer));
        return;
      case 'bytes':
        answer(null, behaviour.bytes);
        return;
      case 'error':
        answer({ code: behaviour.code, details: behaviour.details });
        return;
      case 'hang':
    }
  }
}

/** A pod with one container that holds devices of a resource. */
export function podWith(
  name: string,
  deviceIds: readonly string[],
  { namespace = 'default', container = 'main', resource = 'nvidia.com/gpu' } = {},
): PodEntry {
  return {
    name,
    namespace,
    containers: [
      { name: container, devices: [{ resource_name: resource, device_ids: deviceIds }] },
    ],
  };
}
