import type { LeaderTerm } from '../kubernetes/leader-term.ts';
import type { KeepAnnotation } from '../kubernetes/node-metadata.ts';
import { patchNode, type AnnotationPatch } from '../kubernetes/node-patch.ts';
import type { NodeReflector } from '../kubernetes/node-reflector.ts';
import type { Transport } from '../kubernetes/transport.ts';
import { changedAnnotations } from './annotation-diff.ts';
import type { SendOutcome, WriteOrder } from './write-queue.ts';

/** Sends one node's annotations: compares with what the node says at this moment and sends the difference, if there is one. */
export interface NodeSender {
  send(order: WriteOrder, term: LeaderTerm, signal: AbortSignal): Promise<SendOutcome>;
}

export type Nodes = Pick<NodeReflector, 'nodes' | 'observe'>;

export function createNodeSender(
  transport: Transport,
  reflector: Nodes,
  keep: KeepAnnotation,
): NodeSender {
  return {
    send: async (order, term, signal) => {
      const patch = patchFor(order, reflector);
      if (typeof patch === 'string') return patch;
      const outcome = await patchNode(transport, patch, {
        keep,
        signal,
        maySend: () => term.mayWrite(),
      });
      if (outcome.kind !== 'written') return outcome.kind;
      reflector.observe(outcome.node);
      return 'written';
    },
  };
}

/** What has to be sent so that the node says what is wanted. */
export function patchFor(
  order: WriteOrder,
  reflector: Pick<Nodes, 'nodes'>,
): AnnotationPatch | SendOutcome {
  const node = reflector.nodes().get(order.node);
  if (node === undefined) return 'gone';
  if (node.uid !== order.uid) return 'replaced';
  const annotations = changedAnnotations(node.annotations, order.wanted);
  if (Object.keys(annotations).length === 0) return 'unchanged';
  return { name: node.name, uid: node.uid, annotations };
}
