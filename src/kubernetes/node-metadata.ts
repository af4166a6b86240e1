import { ApiError } from './api-error.ts';

/** What is kept of a Node. */
export interface NodeMetadata {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** Only those that the reflector was told to keep. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Of the annotations that are not kept, keys and values: they share one limit with ours. Absent: not known. */
  readonly otherAnnotationBytes?: number;
}

/** Which annotations are kept, by key; everything else of a Node is dropped as it comes, for memory. */
export type KeepAnnotation = (key: string) => boolean;

/** Asks for metadata alone: a tenth to a half of the bytes of whole Nodes. */
export const metadataAccept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
export const metadataListAccept =
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** @throws {ApiError} bad_answer, when it is not the metadata of an object. */
export function nodeMetadata(object: unknown, keep: KeepAnnotation): NodeMetadata {
  const metadata = field(object, 'metadata');
  const name = field(metadata, 'name');
  const uid = field(metadata, 'uid');
  const resourceVersion = field(metadata, 'resourceVersion');
  if (typeof name !== 'string' || typeof uid !== 'string' || typeof resourceVersion !== 'string') {
    throw new ApiError('bad_answer', 'an object without name, uid or resourceVersion came');
  }
  const annotations: Record<string, string> = {};
  let otherAnnotationBytes = 0;
  const all = field(metadata, 'annotations');
  if (typeof all === 'object' && all !== null) {
    for (const [key, value] of Object.entries(all)) {
      if (typeof value !== 'string') continue;
      if (keep(key)) annotations[key] = value;
      else otherAnnotationBytes += Buffer.byteLength(key) + Buffer.byteLength(value);
    }
  }
  return { name, uid, resourceVersion, annotations, otherAnnotationBytes };
}

/** A property of something of unknown shape; undefined where there is none. */
export function field(object: unknown, name: string): unknown {
  if (typeof object !== 'object' || object === null) return undefined;
  return (object as Readonly<Record<string, unknown>>)[name];
}
