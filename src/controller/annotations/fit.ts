import { profileKey, staticKey } from '../annotation-keys.ts';
import { withRecord } from '../ownership.ts';
import { parseProfile, profileText } from './profile.ts';
import type { ProfileEntry } from './profile-entry.ts';

/**
 * All keys and values of an object together, in bytes, whoever wrote them; more is refused as a whole (422 "Too long").
 * Kubernetes: TotalAnnotationSizeLimitB in apimachinery/pkg/api/validation/objectmeta.go.
 */
export const annotationsLimitBytes = 256 * 1_024;

/** What did not fit beside the annotations of others. */
export interface LeftOut {
  readonly what: 'details of gpu-profile' | 'gpu-profile' | 'gpu-profile and gpu-static';
  readonly neededBytes: number;
  readonly spareBytes: number;
}

export interface Fitted {
  readonly wanted: Readonly<Record<string, string>>;
  /** null: all is there. */
  readonly leftOut: LeftOut | null;
}

/** UTF-8 bytes as the API server counts them. */
export function annotationBytes(annotations: Readonly<Record<string, string>>): number {
  return Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
}

/**
 * `rendered` with the record of it, as much of it as fits into `spareBytes`: what people and schedulers look at first stays longest. The profile
 * loses its details, then it goes, then gpu-static; the keys of single GPUs always stay. `previous`: our annotations as they are.
 */
export function fitAnnotations(
  rendered: Readonly<Record<string, string>>,
  previous: Readonly<Record<string, string>>,
  spareBytes: number,
): Fitted {
  const whole = withRecord(rendered);
  const neededBytes = annotationBytes(whole);
  if (neededBytes <= spareBytes) return { wanted: whole, leftOut: null };
  const { [profileKey]: profile, ...others } = rendered;
  const small = Object.fromEntries(Object.entries(others).filter(([key]) => key !== staticKey));
  const brief = profile === undefined ? {} : { [profileKey]: briefProfile(profile, previous) };
  const steps = [
    ['details of gpu-profile', withRecord({ ...others, ...brief })],
    ['gpu-profile', withRecord(others)],
  ] as const;
  for (const [what, wanted] of steps) {
    if (annotationBytes(wanted) <= spareBytes) {
      return { wanted, leftOut: { what, neededBytes, spareBytes } };
    }
  }
  return {
    wanted: withRecord(small),
    leftOut: { what: 'gpu-profile and gpu-static', neededBytes, spareBytes },
  };
}

/** Which GPU, what pattern, since when; the text that is there where it says the same. */
function briefProfile(profile: string, previous: Readonly<Record<string, string>>): string {
  const { entries, asOfMs } = parseProfile(profile);
  const brief = entries.map(briefEntry);
  const before = previous[profileKey];
  const same = JSON.stringify(parseProfile(before).entries) === JSON.stringify(brief);
  return before !== undefined && same ? before : profileText(brief, asOfMs ?? 0);
}

function briefEntry({ i, uuid, pattern, tentative, stall, since }: ProfileEntry): ProfileEntry {
  return {
    i,
    uuid,
    pattern,
    ...(tentative === undefined ? {} : { tentative }),
    ...(stall === undefined ? {} : { stall }),
    since,
  };
}
