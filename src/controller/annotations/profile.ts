import { jobTypes, patterns } from '../../analysis/verdict.ts';
import type { InstanceEntry } from './instance-entry.ts';
import { timeText, type ProfileEntry } from './profile-entry.ts';

/** The gpu-profile annotation as read back. */
export interface Profile {
  /** When something in it last changed; null where it cannot be read. */
  readonly asOfMs: number | null;
  readonly entries: readonly ProfileEntry[];
}

type Kind = 'number' | 'true' | 'text';

/** Every optional field, in the order of ProfileEntry, so that what is read and written again is the same text. */
const optionalFields: readonly (readonly [keyof ProfileEntry, Kind])[] = [
  ['tentative', 'true'],
  ['periodSeconds', 'number'],
  ['periodMarginSeconds', 'number'],
  ['slowerPeriodSeconds', 'number'],
  ['period', 'text'],
  ['apparentPeriodSeconds', 'number'],
  ['confidence', 'number'],
  ['cycles', 'number'],
  ['duty', 'number'],
  ['channel', 'text'],
  ['utilSpread', 'number'],
  ['memUtilMax', 'number'],
  ['memMaxMiB', 'number'],
  ['nextMemMaxMiB', 'number'],
  ['nextUtil', 'number'],
  ['stall', 'true'],
  ['simulated', 'true'],
];

const nothing: Profile = { asOfMs: null, entries: [] };

/** Compact JSON, version 1. */
export function profileText(entries: readonly ProfileEntry[], asOfMs: number): string {
  return JSON.stringify({ v: 1, asOf: timeText(asOfMs), gpus: entries });
}

/** What an annotation says, whoever wrote it: text that is not ours (broken, another version) reads as nothing. */
export function parseProfile(text: string | undefined): Profile {
  if (text === undefined) return nothing;
  const root = parseObject(text);
  if (root === null || root['v'] !== 1 || !Array.isArray(root['gpus'])) return nothing;
  const asOfMs = Date.parse(String(root['asOf']));
  return {
    asOfMs: Number.isFinite(asOfMs) ? asOfMs : null,
    entries: root['gpus'].flatMap((value: unknown) => parseEntry(value) ?? []),
  };
}

function parseEntry(value: unknown): ProfileEntry | null {
  const said = parseSaid(value);
  if (said === null) return null;
  const { i, uuid, instances } = said.raw;
  if (!isIndex(i) || typeof uuid !== 'string') return null;
  const parts = Array.isArray(instances)
    ? instances.flatMap((one: unknown) => parseInstance(one) ?? [])
    : [];
  const { pattern, optional, since } = said;
  return {
    i,
    uuid,
    pattern,
    ...optional,
    since,
    ...(parts.length === 0 ? {} : { instances: parts }),
  };
}

function parseInstance(value: unknown): InstanceEntry | null {
  const said = parseSaid(value);
  if (said === null) return null;
  const { gi, profile } = said.raw;
  const jobType = jobTypes.find((known) => known === said.raw['jobType']);
  if (!isIndex(gi) || jobType === undefined) return null;
  const { pattern, optional, since } = said;
  return {
    gi,
    ...(typeof profile === 'string' ? { profile } : {}),
    pattern,
    jobType,
    ...optional,
    since,
  };
}

/** What GPUs and GPU instances have in common. */
function parseSaid(value: unknown): {
  raw: Readonly<Record<string, unknown>>;
  pattern: ProfileEntry['pattern'];
  optional: Partial<ProfileEntry>;
  since: string;
} | null {
  if (typeof value !== 'object' || value === null) return null;
  const raw = value as Readonly<Record<string, unknown>>;
  const { since } = raw;
  const pattern = patterns.find((known) => known === raw['pattern']);
  if (typeof since !== 'string' || pattern === undefined) return null;
  const optional: Record<string, unknown> = {};
  for (const [name, kind] of optionalFields) {
    if (isOfKind(raw[name], kind)) optional[name] = raw[name];
  }
  return { raw, pattern, optional, since };
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isOfKind(value: unknown, kind: Kind): boolean {
  if (kind === 'true') return value === true;
  return kind === 'number' ? Number.isFinite(value) : typeof value === 'string';
}

export function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null;
  }
}
