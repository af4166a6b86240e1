import { ApiError } from './api-error.ts';
import { nodesPath } from './node-list.ts';
import {
  field,
  metadataAccept,
  nodeMetadata,
  type KeepAnnotation,
  type NodeMetadata,
} from './node-metadata.ts';
import { watchError } from './status-error.ts';
import type { Transport } from './transport.ts';

export interface NodeWatchOptions {
  readonly transport: Transport;
  readonly keep: KeepAnnotation;
  readonly labelSelector: string | null;
  readonly resourceVersion: string;
  /** The server ends the watch after this long. */
  readonly timeoutSeconds: number;
  /** Bookmarks come once a minute: longer silence means a dead connection. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
  readonly onChange: (node: NodeMetadata) => void;
  readonly onDelete: (node: NodeMetadata) => void;
  /** After each event, bookmarks included: where to go on from. */
  readonly onVersion: (resourceVersion: string) => void;
}

/** One watch on Nodes, metadata only, until the server ends it. @throws {ApiError} `gone`: list again, whether said by HTTP or in the stream. */
export async function watchNodes(options: NodeWatchOptions): Promise<void> {
  await options.transport.watch({
    method: 'GET',
    path: nodesPath,
    query: {
      watch: 1,
      allowWatchBookmarks: true,
      resourceVersion: options.resourceVersion,
      timeoutSeconds: options.timeoutSeconds,
      ...(options.labelSelector === null ? {} : { labelSelector: options.labelSelector }),
    },
    accept: metadataAccept,
    signal: options.signal,
    silenceMs: options.silenceMs,
    onLine: (line) => handle(line, options),
  });
}

function handle(line: string, options: NodeWatchOptions): void {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch (error) {
    throw new ApiError('bad_answer', 'a watch event is not JSON', { cause: error });
  }
  const type = field(event, 'type');
  const object = field(event, 'object');
  if (type === 'ERROR') throw watchError({ method: 'GET', path: nodesPath, watch: true }, object);
  if (type === 'BOOKMARK') {
    const version = field(field(object, 'metadata'), 'resourceVersion');
    if (typeof version === 'string') options.onVersion(version);
    return;
  }
  const node = nodeMetadata(object, options.keep);
  if (type === 'DELETED') options.onDelete(node);
  else options.onChange(node);
  options.onVersion(node.resourceVersion);
}
