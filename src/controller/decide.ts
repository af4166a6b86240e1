import { renderAnnotations } from './annotations.ts';
import { changedAnnotations, type AnnotationChanges } from './annotation-diff.ts';
import { indexInKey, ownedKey, profileKey } from './annotation-keys.ts';
import {
  annotationBytes,
  annotationsLimitBytes,
  fitAnnotations,
  type LeftOut,
} from './annotations/fit.ts';
import { parseProfile } from './annotations/profile.ts';
import type { AbsentGpu, GpuFacts } from './gpu-facts.ts';
import { ownedAnnotations } from './ownership.ts';
import { patternChanges, type PatternChange } from './pattern-changes.ts';

export interface NodeFacts {
  readonly gpus: readonly GpuFacts[];
  readonly absent: readonly AbsentGpu[];
  /** False: the picture may lack GPUs. */
  readonly complete: boolean;
}

export interface Decision {
  /** All our keys, as they should be, the record of them included. */
  readonly wanted: Readonly<Record<string, string>>;
  /** What has to be sent for that; empty: nothing. */
  readonly changes: AnnotationChanges;
  readonly patternChanges: readonly PatternChange[];
  /** What is not said because the node's annotations are full; null: nothing. */
  readonly leftOut: LeftOut | null;
}

export interface GpuMention {
  readonly index: number;
  readonly uuid: string;
}

/**
 * Facts of a node, what its annotations say now, and the time → what they should say. Nothing else is looked at. `otherBytes`: what annotations take that
 * `current` lacks.
 */
export function decide(
  facts: NodeFacts,
  current: Readonly<Record<string, string>>,
  nowMs: number,
  ttlMs: number,
  otherBytes = 0,
): Decision {
  const { gpus, absent, complete } = facts;
  const ours = ownedAnnotations(current);
  const rendered = renderAnnotations(gpus, ours, nowMs, { ttlMs, absent, complete });
  const foreign = Object.entries(current).filter(
    ([key]) => key !== ownedKey && ours[key] === undefined,
  );
  const foreignBytes = otherBytes + annotationBytes(Object.fromEntries(foreign));
  const { wanted, leftOut } = fitAnnotations(rendered, ours, annotationsLimitBytes - foreignBytes);
  return {
    wanted,
    changes: changedAnnotations(current, wanted),
    patternChanges: patternChanges(ours[profileKey], wanted[profileKey]),
    leftOut,
  };
}

/** The GPUs that our annotations of a node speak of; those known by a key alone have an empty uuid. */
export function mentionedGpus(current: Readonly<Record<string, string>>): readonly GpuMention[] {
  const mentioned: GpuMention[] = parseProfile(current[profileKey]).entries.map(({ i, uuid }) => ({
    index: i,
    uuid,
  }));
  const indexes = new Set(mentioned.map(({ index }) => index));
  for (const key of Object.keys(current)) {
    const index = indexInKey(key);
    if (index === null || indexes.has(index)) continue;
    indexes.add(index);
    mentioned.push({ index, uuid: '' });
  }
  return mentioned;
}
