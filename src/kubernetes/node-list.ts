import { ApiError, isApiError } from './api-error.ts';
import {
  field,
  metadataListAccept,
  nodeMetadata,
  type KeepAnnotation,
  type NodeMetadata,
} from './node-metadata.ts';
import type { Transport } from './transport.ts';

export const nodesPath = '/api/v1/nodes';

export interface NodeListOptions {
  readonly transport: Pick<Transport, 'json'>;
  readonly keep: KeepAnnotation;
  readonly labelSelector: string | null;
  readonly signal: AbortSignal;
}

export interface NodeList {
  readonly nodes: Map<string, NodeMetadata>;
  /** Where a watch goes on from. */
  readonly resourceVersion: string;
}

const pageSize = 500;
const maxRestarts = 3;

/**
 * All Nodes, metadata only, in pages. Without resourceVersion=0: with it the server ignores the limit and answers everything at once.
 * A list that expires half way (410 on a continuation) starts again from the front.
 */
export async function listNodes(options: NodeListOptions): Promise<NodeList> {
  for (let restarts = 0; ; restarts += 1) {
    try {
      return await listOnce(options);
    } catch (error) {
      if (!isApiError(error, 'gone') || restarts >= maxRestarts) throw error;
    }
  }
}

async function listOnce(options: NodeListOptions): Promise<NodeList> {
  const nodes = new Map<string, NodeMetadata>();
  let continuation = '';
  for (;;) {
    const page = await options.transport.json({
      method: 'GET',
      path: nodesPath,
      query: {
        limit: pageSize,
        ...(options.labelSelector === null ? {} : { labelSelector: options.labelSelector }),
        ...(continuation === '' ? {} : { continue: continuation }),
      },
      accept: metadataListAccept,
      signal: options.signal,
    });
    // A list of metadata that is empty has null there.
    const items = field(page, 'items') ?? [];
    const resourceVersion = field(field(page, 'metadata'), 'resourceVersion');
    if (!Array.isArray(items) || typeof resourceVersion !== 'string') {
      throw new ApiError('bad_answer', 'the list of nodes has no items or no resourceVersion');
    }
    for (const item of items) {
      const node = nodeMetadata(item, options.keep);
      nodes.set(node.name, node);
    }
    const next = field(field(page, 'metadata'), 'continue');
    if (typeof next !== 'string' || next === '') return { nodes, resourceVersion };
    continuation = next;
  }
}
