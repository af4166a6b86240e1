import type { ControllerStatus } from '../../controller/controller-status.ts';
import type { ControllerObservation } from '../../exposition/controller-observation.ts';
import type { ElectionStatus } from '../../kubernetes/leader-election.ts';
import type { EventRecorderStatus } from '../../kubernetes/event-recorder.ts';
import type { ReflectorStatus } from '../../kubernetes/node-reflector.ts';
import { processFigures } from '../process-figures.ts';
import type { QueryCosts } from '../../prometheus/query-costs.ts';

export interface ObservationParts {
  readonly version: string;
  readonly eventLoopDelayMaxMs: number;
  readonly controller: ControllerStatus;
  readonly reflector: ReflectorStatus;
  readonly nodes: number;
  readonly election: ElectionStatus | null;
  readonly events: EventRecorderStatus | null;
  readonly costs: QueryCosts;
}

/** What is known of the controller, in the shape that its metrics are made from. */
export function controllerObservation(parts: ObservationParts): ControllerObservation {
  return {
    version: parts.version,
    nodejsVersion: process.version,
    process: processFigures(parts.eventLoopDelayMaxMs),
    ...clusterPart(parts),
    ...cyclePart(parts.controller, parts.election?.leading ?? true),
    ...writePart(parts.controller),
    queries: queryPart(parts.costs),
  };
}

function clusterPart({ nodes, reflector, election, events }: ObservationParts): ClusterPart {
  return {
    nodes,
    isLeader: election?.leading ?? true,
    leaderTermsTotal: election?.termsTotal ?? 1,
    leaseContactAgeSeconds: seconds(election?.contactAgeMs),
    listsTotal: reflector.listsTotal,
    watchEventsTotal: reflector.eventsTotal,
    watchFailuresTotal: reflector.failuresTotal,
    watchEventAgeSeconds: seconds(reflector.lastEventAgeMs),
    eventsSentTotal: events?.sentTotal ?? 0,
    eventsDroppedTotal: events?.droppedTotal ?? 0,
  };
}

/** What a former leader last saw is not told on: its successor tells about the same GPUs. */
function cyclePart(
  { cyclesTotal, last: lastCycle, lastReadMs, patternChangesTotal }: ControllerStatus,
  isLeader: boolean,
): CyclePart {
  const last = isLeader ? lastCycle : null;
  return {
    cyclesTotal,
    patternChangesTotal,
    cycleDurationSeconds: seconds(last?.durationMs),
    lastReadTimestampSeconds: isLeader ? seconds(lastReadMs) : null,
    nodesReporting: last?.nodesReporting ?? null,
    gpus: last?.jobTypes ?? {},
    problems: counted((last?.problems ?? []).map(({ code }) => code)),
    unmatchedSeries: last?.unmatchedSeries ?? null,
  };
}

function writePart({ pastOutcomes, writes }: ControllerStatus): WritePart {
  return {
    writesTotal: sum(pastOutcomes, writes?.outcomes ?? {}),
    writesWaiting: writes?.waiting ?? 0,
    writesInFlight: writes?.inFlight ?? 0,
    nodesRefused: writes?.refusedNodes ?? 0,
  };
}

function queryPart({ byOutcome, partialAnswers }: QueryCosts): ControllerObservation['queries'] {
  const requestsTotal: Record<string, number> = {};
  const requestSecondsTotal: Record<string, number> = {};
  const answerBytesTotal: Record<string, number> = {};
  for (const [outcome, cost] of Object.entries(byOutcome)) {
    requestsTotal[outcome] = cost.requests;
    requestSecondsTotal[outcome] = cost.seconds;
    answerBytesTotal[outcome] = cost.bytes;
  }
  return {
    requestsTotal,
    requestSecondsTotal,
    answerBytesTotal,
    partialAnswersTotal: partialAnswers,
  };
}

type WritePart = Pick<
  ControllerObservation,
  'writesTotal' | 'writesWaiting' | 'writesInFlight' | 'nodesRefused'
>;
type CyclePart = Pick<
  ControllerObservation,
  | 'cyclesTotal'
  | 'patternChangesTotal'
  | 'cycleDurationSeconds'
  | 'lastReadTimestampSeconds'
  | 'nodesReporting'
  | 'gpus'
  | 'problems'
  | 'unmatchedSeries'
>;
type ClusterPart = Omit<
  ControllerObservation,
  keyof WritePart | keyof CyclePart | 'version' | 'nodejsVersion' | 'process' | 'queries'
>;

function seconds(ms: number | null | undefined): number | null {
  return ms === null || ms === undefined ? null : ms / 1_000;
}

function counted(codes: readonly string[]): Record<string, number> {
  return codes.map((code) => ({ [code]: 1 })).reduce(sum, {});
}

function sum(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> {
  const total = { ...a };
  for (const [key, value] of Object.entries(b)) total[key] = (total[key] ?? 0) + value;
  return total;
}
