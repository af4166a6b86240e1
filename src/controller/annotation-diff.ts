import { isOurKey } from './annotation-keys.ts';

export type AnnotationChanges = Readonly<Record<string, string | null>>;

/** What to send so that our keys become `wanted`; null removes. Foreign keys are never named. Empty: nothing to do. */
export function changedAnnotations(
  current: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): AnnotationChanges {
  const changes: Record<string, string | null> = {};
  for (const [key, value] of Object.entries(wanted)) {
    if (isOurKey(key) && current[key] !== value) changes[key] = value;
  }
  for (const key of Object.keys(current)) {
    if (isOurKey(key) && wanted[key] === undefined) changes[key] = null;
  }
  return changes;
}
