import { ownedKey } from './annotation-keys.ts';
import { ownedKeys, withRecord } from './ownership.ts';

export type AnnotationChanges = Readonly<Record<string, string | null>>;

/**
 * What to send so that our keys become `wanted`; null removes, which only keys that are recorded as ours can meet. Empty: nothing to do.
 * Every change carries the whole record, also where it is the same: so it holds whatever somebody did to it since `current` was read.
 */
export function changedAnnotations(
  current: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): AnnotationChanges {
  const full = withRecord(wanted);
  const changes: Record<string, string | null> = {};
  for (const [key, value] of Object.entries(full)) {
    if (current[key] !== value) changes[key] = value;
  }
  for (const key of [...ownedKeys(current), ownedKey]) {
    if (full[key] === undefined && current[key] !== undefined) changes[key] = null;
  }
  const record = full[ownedKey];
  const isChange = Object.keys(changes).length > 0;
  return isChange && record !== undefined ? { ...changes, [ownedKey]: record } : changes;
}
