import { isUidMismatch, isApiError } from './api-error.ts';
import { nodesPath } from './node-list.ts';
import {
  metadataAccept,
  nodeMetadata,
  type KeepAnnotation,
  type NodeMetadata,
} from './node-metadata.ts';
import type { Transport } from './transport.ts';

/** Distinguishes our writes in managedFields from those of every other program. */
export const fieldManager = 'gpu-profiler-controller';

export interface AnnotationPatch {
  readonly name: string;
  readonly uid: string;
  /** Given: the patch is refused (409) when the node has changed since this state of it. */
  readonly resourceVersion?: string;
  /** null removes the key. Keys that are not named stay as they are. */
  readonly annotations: Readonly<Record<string, string | null>>;
}

export type PatchOutcome =
  | { readonly kind: 'written'; readonly node: NodeMetadata }
  /** Another Node of the same name stands there now, or none. */
  | { readonly kind: 'replaced' | 'gone' };

/** The body that is sent: a JSON merge patch guarded by the uid, so that facts never land on another machine of the same name. */
export function patchBody({ uid, resourceVersion, annotations }: AnnotationPatch): unknown {
  const version = resourceVersion === undefined ? {} : { resourceVersion };
  return { metadata: { uid, ...version, annotations } };
}

/** @throws {ApiError} for everything but a missing or replaced node. */
export async function patchNode(
  transport: Pick<Transport, 'json'>,
  patch: AnnotationPatch,
  options: {
    readonly keep: KeepAnnotation;
    readonly signal: AbortSignal;
    readonly maySend?: () => boolean;
  },
): Promise<PatchOutcome> {
  try {
    const answer = await transport.json({
      method: 'PATCH',
      path: `${nodesPath}/${encodeURIComponent(patch.name)}`,
      query: { fieldManager },
      contentType: 'application/merge-patch+json',
      accept: metadataAccept,
      body: patchBody(patch),
      signal: options.signal,
      ...(options.maySend === undefined ? {} : { maySend: options.maySend }),
    });
    return { kind: 'written', node: nodeMetadata(answer, options.keep) };
  } catch (error) {
    if (isUidMismatch(error)) return { kind: 'replaced' };
    if (isApiError(error, 'not_found')) return { kind: 'gone' };
    throw error;
  }
}
