import type { CommandResult } from '../parts/run-command.ts';

/** What the processes inside the namespaces can be asked for, over the IPC channel of the one that started them. */
export interface NodeRequests {
  /** Runs a command in the node's namespaces. */
  exec(params: ExecParams): CommandResult;
  /** SIGTERM, then a fresh start on the same data; resolves when it is ready again. */
  restart(params: { service: NodeService }): null;
  /** Each nth request of pods to the API server fails from now on, none for 0; tells what was counted so far. */
  faults(params: { every: number }): FaultCounts;
}
export type NodeRequest = keyof NodeRequests;
export type NodeService = 'kubelet' | 'containerd' | 'kube-apiserver' | 'kube-scheduler';

export interface FaultCounts {
  readonly requests: number;
  readonly failed: number;
}

export interface ExecParams {
  readonly command: string;
  readonly args: readonly string[];
  readonly input?: string;
  readonly timeoutMs: number;
}

export interface RequestMessage {
  readonly id: number;
  readonly method: NodeRequest;
  readonly params: unknown;
}

/** How the API server is reached, told when the node is ready. */
export interface ReadyInfo {
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  /** The administrator's. */
  readonly token: string;
  readonly auditLog: string;
}

export type MessageFromInside =
  | { readonly kind: 'progress'; readonly line: string }
  | { readonly kind: 'ready'; readonly info: ReadyInfo }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly reason: string };
