import type { NodeMetadata } from './node-metadata.ts';

/**
 * The Nodes as last seen. Of single states (watch, reply to a patch) an older one never replaces a newer. A complete list is taken as it is:
 * the watch that goes on from it brings what is newer, and after a restore of etcd versions really do go back.
 */
export interface NodeStore {
  nodes(): ReadonlyMap<string, NodeMetadata>;
  replaceAll(nodes: ReadonlyMap<string, NodeMetadata>): void;
  observe(node: NodeMetadata): void;
  remove(name: string, uid: string): void;
}

export function createNodeStore(): NodeStore {
  let kept = new Map<string, NodeMetadata>();
  return {
    nodes: () => kept,
    replaceAll: (nodes) => {
      kept = new Map(nodes);
    },
    observe: (node) => {
      const old = kept.get(node.name);
      if (old === undefined || !isNewer(old, node)) kept.set(node.name, node);
    },
    remove: (name, uid) => {
      if (kept.get(name)?.uid === uid) kept.delete(name);
    },
  };
}

/** True if `a` is the same object as `b` and a later state of it. Resource versions of one resource type grow as decimal numbers. */
function isNewer(a: NodeMetadata, b: NodeMetadata): boolean {
  return a.uid === b.uid && versionOf(a) > versionOf(b);
}

function versionOf({ resourceVersion }: NodeMetadata): bigint {
  return /^\d+$/.test(resourceVersion) ? BigInt(resourceVersion) : 0n;
}
