import type { NodeMetadata } from '../../kubernetes/node-metadata.ts';
import type { AnnotationPatch } from '../../kubernetes/node-patch.ts';
import { isValueKey, ownedKey } from '../annotation-keys.ts';
import { ownedKeys } from '../ownership.ts';

/** The keys on a node that are ours, the record of them included; empty: there is nothing to remove. */
export function keysToRemove({ annotations }: NodeMetadata): readonly string[] {
  const record = annotations[ownedKey] === undefined ? [] : [ownedKey];
  return [...ownedKeys(annotations), ...record].sort();
}

/** Keys of our form that are not recorded as ours: they stay, and are told of. */
export function keysOfOthers({ annotations }: NodeMetadata): readonly string[] {
  const ours = ownedKeys(annotations);
  return Object.keys(annotations)
    .filter((key) => isValueKey(key) && !ours.has(key))
    .sort();
}

/**
 * The patch that removes our keys from just this state of the node; null: it has none. With the record they must go all at once: a key
 * that a controller wrote since would stay behind unrecorded.
 */
export function removalPatch(node: NodeMetadata): AnnotationPatch | null {
  const keys = keysToRemove(node);
  if (keys.length === 0) return null;
  const { name, uid, resourceVersion } = node;
  return {
    name,
    uid,
    resourceVersion,
    annotations: Object.fromEntries(keys.map((key) => [key, null])),
  };
}
