import {
  domain,
  isValueKey,
  jobTypeKey,
  memUtilMaxKey,
  ownedKey,
  profileKey,
  staticKey,
} from './annotation-keys.ts';
import { parseProfile } from './annotations/profile.ts';

type Annotations = Readonly<Record<string, string>>;

/**
 * Which keys on a node are ours: those that the record (`gpu-profiler-owned`) names and that have our form, whatever else it says.
 * A record without one such name (none, or broken by hand) says nothing; then ours is what a readable gpu-profile speaks of, as on a
 * node that was written before there were records. A key of our form that is neither is somebody else's.
 */
export function ownedKeys(all: Annotations): ReadonlySet<string> {
  const recorded = recordedKeys(all[ownedKey]);
  const { entries } = parseProfile(all[profileKey]);
  // Nobody else writes one that can be read, so a record that was edited by hand does not make us forget what we said.
  const profile = entries.length === 0 ? [] : [profileKey];
  const evident = entries.flatMap(({ i }) => [jobTypeKey(i), memUtilMaxKey(i)]);
  const named =
    recorded.length > 0
      ? [...recorded, ...profile]
      : [...profile, ...(profile.length === 0 ? [] : [staticKey, ...evident])];
  return new Set(named.filter((key) => all[key] !== undefined));
}

/** Our annotations of a node, the record aside. */
export function ownedAnnotations(all: Annotations): Record<string, string> {
  return Object.fromEntries([...ownedKeys(all)].map((key) => [key, all[key] ?? '']));
}

/** `wanted` with the record that belongs to it; no record where nothing is wanted. */
export function withRecord(wanted: Annotations): Record<string, string> {
  const values = Object.entries(wanted).filter(([key]) => isValueKey(key));
  const names = values.map(([key]) => key.slice(domain.length + 1)).sort();
  return {
    ...Object.fromEntries(values),
    ...(names.length === 0 ? {} : { [ownedKey]: names.join(',') }),
  };
}

function recordedKeys(record = ''): readonly string[] {
  return record
    .split(',')
    .map((name) => `${domain}/${name.trim()}`)
    .filter(isValueKey);
}
