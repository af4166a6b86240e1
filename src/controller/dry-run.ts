import type { NodeMetadata } from '../kubernetes/node-metadata.ts';
import { patchBody } from '../kubernetes/node-patch.ts';
import type { NodeReflector } from '../kubernetes/node-reflector.ts';
import { ourAnnotations } from './annotation-keys.ts';
import { patchFor, type NodeSender } from './node-sender.ts';
import { withRecord } from './ownership.ts';

export interface DryRun {
  /** The nodes as they would be, had the patches been sent: so that the next cycle shows what would change then. */
  readonly reflector: Pick<NodeReflector, 'nodes' | 'synced'>;
  /** Prints `{"node": …, "patch": …}`, one line per patch, and sends nothing. */
  readonly sender: NodeSender;
}

interface Imagined {
  /** Our annotations of the real node when the patch was printed: once they change, the real ones count again. */
  readonly real: string;
  readonly annotations: Readonly<Record<string, string>>;
}

export function createDryRun(reflector: NodeReflector, print: (line: string) => void): DryRun {
  const imagined = new Map<string, Imagined>();

  const nodes = (): ReadonlyMap<string, NodeMetadata> => {
    const all = new Map(reflector.nodes());
    const uids = new Set([...all.values()].map(({ uid }) => uid));
    for (const uid of imagined.keys()) if (!uids.has(uid)) imagined.delete(uid);
    for (const [name, node] of all) {
      const entry = imagined.get(node.uid);
      if (entry === undefined || entry.real !== realText(node)) continue;
      all.set(name, { ...node, annotations: entry.annotations });
    }
    return all;
  };

  return {
    reflector: { nodes, synced: (signal) => reflector.synced(signal) },
    sender: {
      send: (order) => {
        const patch = patchFor(order, { nodes });
        if (typeof patch === 'string') return Promise.resolve(patch);
        print(`${JSON.stringify({ node: patch.name, patch: patchBody(patch) })}\n`);
        const real = reflector.nodes().get(order.node);
        if (real !== undefined) {
          imagined.set(order.uid, { real: realText(real), annotations: withRecord(order.wanted) });
        }
        return Promise.resolve('written');
      },
    },
  };
}

function realText(node: NodeMetadata): string {
  const ours = Object.entries(ourAnnotations(node.annotations));
  return JSON.stringify(ours.sort(([a], [b]) => (a < b ? -1 : 1)));
}
