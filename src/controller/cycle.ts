import type { NodeMetadata } from '../kubernetes/node-metadata.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import { Slices } from '../lib/slices.ts';
import { isJobTypeKey } from './annotation-keys.ts';
import type { LeftOut } from './annotations/fit.ts';
import { problemOf, type CycleReport, type CycleResult } from './controller-status.ts';
import { decide } from './decide.ts';
import { CrowdedNodes } from './crowded-nodes.ts';
import type { FleetMemory } from './gpu-memory.ts';
import { JudgedGpus } from './judged-gpus.ts';
import { nodeFacts } from './node-facts.ts';
import type { PatternChange } from './pattern-changes.ts';
import type { FleetUsage, UsageProblem, UsageSource } from './usage-source.ts';
import type { WriteQueue } from './write-queue.ts';

export interface CycleOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly source: UsageSource;
  readonly nodes: () => ReadonlyMap<string, NodeMetadata>;
  readonly memory: FleetMemory;
  readonly queue: Pick<WriteQueue, 'put' | 'drop' | 'retain'>;
  readonly ttlMs: number;
  readonly freshMs: number;
  readonly windowsSeconds: readonly number[];
  /** After the annotations that say so are written. */
  readonly onPatternChanges: (node: NodeMetadata, changes: readonly PatternChange[]) => void;
  /** After annotations are written that lack something because the node has no room. */
  readonly onCrowded: (node: NodeMetadata, leftOut: LeftOut) => void;
}

const turnMs = 8;

/** Reads usage, decides about every node, and orders what has to be written. Does not wait for the writes. */
export async function runCycle(options: CycleOptions, signal: AbortSignal): Promise<CycleReport> {
  const { clock, log, memory, queue } = options;
  const startedMs = clock.now();
  const begunMs = clock.monotonicMs();
  const names = [...options.nodes().keys()];
  const { fleet, problems } = await readUsage(options, names, signal);
  const nodes = options.nodes();
  memory.retain(new Set(nodes.keys()));
  const jobTypes: Record<string, number> = {};
  let changed = 0;
  let gpus = 0;
  let writable = 0;
  const crowded = new CrowdedNodes();
  const judged = new JudgedGpus(options.freshMs);
  const turns = new Slices(turnMs, () => clock.monotonicMs());
  for (const node of nodes.values()) {
    if (signal.aborted) break;
    await turns.breathe();
    const nowMs = clock.now();
    const facts = await nodeFacts(node, fleet, memory, { ...options, turns, nowMs });
    gpus += facts.gpus.length;
    judged.take(fleet?.nodes.get(node.name)?.gpus ?? [], facts, nowMs);
    if (facts.gpus.length + facts.absent.length > 0) writable += 1;
    const decision = decide(
      facts,
      node.annotations,
      nowMs,
      options.ttlMs,
      node.otherAnnotationBytes,
    );
    crowded.take(node, decision);
    countJobTypes(jobTypes, decision.wanted);
    if (Object.keys(decision.changes).length === 0) {
      queue.drop(node.name);
      continue;
    }
    changed += 1;
    queue.put({
      node: node.name,
      uid: node.uid,
      wanted: decision.wanted,
      onWritten: () => {
        if (decision.patternChanges.length > 0)
          options.onPatternChanges(node, decision.patternChanges);
        if (decision.leftOut !== null) options.onCrowded(node, decision.leftOut);
      },
    });
  }
  if (!signal.aborted) queue.retain(nodes, writable);
  const unmatchedSeries = (fleet?.unmatched ?? []).reduce(
    (sum, { seriesCount }) => sum + seriesCount,
    0,
  );
  log.debug({ nodes: nodes.size, gpus, changed, problems: problems.length }, 'cycle done');
  return {
    result: resultOf(fleet),
    startedMs,
    durationMs: clock.monotonicMs() - begunMs,
    nodes: nodes.size,
    nodesReporting: fleet?.nodes.size ?? 0,
    gpus,
    jobTypes,
    changed,
    problems: [...problems, ...judged.problems(problems), ...crowded.problems()],
    unmatchedSeries,
  };
}

async function readUsage(
  { source }: CycleOptions,
  names: readonly string[],
  signal: AbortSignal,
): Promise<{ fleet: FleetUsage | null; problems: readonly UsageProblem[] }> {
  try {
    const fleet = await source.read(names, signal);
    return { fleet, problems: fleet.problems };
  } catch (error) {
    if (signal.aborted) throw error;
    return { fleet: null, problems: [problemOf(error)] };
  }
}

function resultOf(fleet: FleetUsage | null): CycleResult {
  if (fleet === null) return 'failed';
  return fleet.complete ? 'complete' : 'incomplete';
}

function countJobTypes(
  counts: Record<string, number>,
  wanted: Readonly<Record<string, string>>,
): void {
  for (const [key, jobType] of Object.entries(wanted)) {
    if (isJobTypeKey(key)) counts[jobType] = (counts[jobType] ?? 0) + 1;
  }
}
