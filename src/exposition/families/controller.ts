import type { ControllerObservation } from '../controller-observation.ts';
import type { FamilyFacts, Sample, Value } from '../family.ts';
import { rounded } from '../number.ts';

export interface ControllerFamily extends FamilyFacts {
  readonly dialect: 'self';
  sample(observation: ControllerObservation, into: Sample[]): void;
}

interface Figure {
  /** Without the prefix gpu_profiler_controller_. */
  readonly name: string;
  readonly type?: 'gauge' | 'counter';
  readonly help: string;
  readonly unit?: string;
  readonly absentWhen?: string;
}

function facts(figure: Figure, labels: readonly string[]): FamilyFacts & { dialect: 'self' } {
  return {
    name: `gpu_profiler_controller_${figure.name}`,
    type: figure.type ?? 'gauge',
    help: figure.help,
    labels,
    unit: figure.unit ?? '',
    stability: 'alpha',
    dialect: 'self',
    absentWhen: figure.absentWhen ?? '',
  };
}

function one(figure: Figure & { value: (of: ControllerObservation) => Value }): ControllerFamily {
  return {
    ...facts(figure, []),
    sample: (observation, into) => {
      const value = rounded(figure.value(observation));
      if (value !== undefined) into.push({ value });
    },
  };
}

function each(
  figure: Figure & {
    label: string;
    values: (of: ControllerObservation) => Readonly<Record<string, number>>;
  },
): ControllerFamily {
  return {
    ...facts(figure, [figure.label]),
    sample: (observation, into) => {
      for (const [key, value] of Object.entries(figure.values(observation))) {
        into.push({ value, labels: { [figure.label]: key } });
      }
    },
  };
}

/** About a controller: its cycles, its writes, what it sees of Prometheus and of the API server. */
export const controllerFamilies: readonly ControllerFamily[] = [
  one({
    name: 'leader',
    help: 'Whether this process leads (1) or stands by (0).',
    value: ({ isLeader }) => (isLeader ? 1 : 0),
  }),
  one({
    name: 'leader_terms_total',
    type: 'counter',
    help: 'Times that this process became leader.',
    value: ({ leaderTermsTotal }) => leaderTermsTotal,
  }),
  one({
    name: 'lease_contact_age_seconds',
    help: 'Since the Lease was last read or written.',
    unit: 'seconds',
    absentWhen: 'lease.enabled is false, or nothing was read yet',
    value: ({ leaseContactAgeSeconds }) => leaseContactAgeSeconds,
  }),
  each({
    name: 'cycles_total',
    type: 'counter',
    help: 'Cycles by result: complete; incomplete (absences meant nothing); failed (nothing could be read).',
    label: 'result',
    values: ({ cyclesTotal }) => cyclesTotal,
  }),
  one({
    name: 'cycle_duration_seconds',
    help: 'How long the last cycle took, without its writes.',
    unit: 'seconds',
    absentWhen: 'there was no cycle yet',
    value: ({ cycleDurationSeconds }) => cycleDurationSeconds,
  }),
  one({
    name: 'last_read_timestamp_seconds',
    help: 'Time of the last cycle that could read usage, Unix time.',
    unit: 'seconds',
    absentWhen: 'there was no such cycle yet',
    value: ({ lastReadTimestampSeconds }) => lastReadTimestampSeconds,
  }),
  one({
    name: 'nodes',
    help: 'Nodes that are looked after.',
    value: ({ nodes }) => nodes,
  }),
  one({
    name: 'nodes_reporting',
    help: 'Nodes with GPUs in the data of the last cycle.',
    absentWhen: 'there was no cycle yet',
    value: ({ nodesReporting }) => nodesReporting,
  }),
  each({
    name: 'gpus',
    help: 'GPUs by job type, as the annotations say.',
    label: 'job_type',
    values: ({ gpus }) => gpus,
  }),
  each({
    name: 'usage_problems',
    help: 'What made the data of the last cycle incomplete or doubtful, by code.',
    label: 'code',
    values: ({ problems }) => problems,
  }),
  one({
    name: 'unmatched_series',
    help: 'Series of the last cycle that match no node; see node.labels.',
    absentWhen: 'there was no cycle yet',
    value: ({ unmatchedSeries }) => unmatchedSeries,
  }),
  each({
    name: 'prometheus_requests_total',
    type: 'counter',
    help: 'Requests to Prometheus by outcome: ok, aborted, or the code of the error.',
    label: 'outcome',
    values: ({ queries }) => queries.requestsTotal,
  }),
  each({
    name: 'prometheus_request_seconds_total',
    type: 'counter',
    unit: 'seconds',
    help: 'Time spent waiting for Prometheus, by outcome.',
    label: 'outcome',
    values: ({ queries }) => queries.requestSecondsTotal,
  }),
  each({
    name: 'prometheus_answer_bytes_total',
    type: 'counter',
    unit: 'bytes',
    help: 'Bytes of answers of Prometheus, decompressed, by outcome.',
    label: 'outcome',
    values: ({ queries }) => queries.answerBytesTotal,
  }),
  one({
    name: 'prometheus_partial_answers_total',
    type: 'counter',
    help: 'Answers of Prometheus with warnings: what they lack means nothing.',
    value: ({ queries }) => queries.partialAnswersTotal,
  }),
  one({
    name: 'pattern_changes_total',
    type: 'counter',
    help: 'Changes of pattern written.',
    value: ({ patternChangesTotal }) => patternChangesTotal,
  }),
  each({
    name: 'writes_total',
    type: 'counter',
    help: 'Writes of a node by outcome: written, unchanged (nothing was sent), gone, replaced, or the code of the error.',
    label: 'outcome',
    values: ({ writesTotal }) => writesTotal,
  }),
  one({
    name: 'writes_waiting',
    help: 'Nodes that wait to be written.',
    value: ({ writesWaiting }) => writesWaiting,
  }),
  one({
    name: 'writes_in_flight',
    help: 'Nodes that are being written.',
    value: ({ writesInFlight }) => writesInFlight,
  }),
  one({
    name: 'nodes_refused',
    help: 'Nodes that may not be written (403).',
    value: ({ nodesRefused }) => nodesRefused,
  }),
  one({
    name: 'node_lists_total',
    type: 'counter',
    help: 'Complete lists of the nodes taken from the API server.',
    value: ({ listsTotal }) => listsTotal,
  }),
  one({
    name: 'node_watch_events_total',
    type: 'counter',
    help: 'Events of the watch on nodes, bookmarks included.',
    value: ({ watchEventsTotal }) => watchEventsTotal,
  }),
  each({
    name: 'node_watch_failures_total',
    type: 'counter',
    help: 'Failures of listing and watching nodes, by code.',
    label: 'code',
    values: ({ watchFailuresTotal }) => watchFailuresTotal,
  }),
  one({
    name: 'node_watch_event_age_seconds',
    help: 'Since anything came from the watch on nodes; bookmarks come once a minute.',
    unit: 'seconds',
    absentWhen: 'nothing came yet',
    value: ({ watchEventAgeSeconds }) => watchEventAgeSeconds,
  }),
  one({
    name: 'events_sent_total',
    type: 'counter',
    help: 'Kubernetes Events written.',
    value: ({ eventsSentTotal }) => eventsSentTotal,
  }),
  one({
    name: 'events_dropped_total',
    type: 'counter',
    help: 'Kubernetes Events that could not be written.',
    value: ({ eventsDroppedTotal }) => eventsDroppedTotal,
  }),
];
