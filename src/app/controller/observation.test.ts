import { describe, expect, it } from 'vitest';
import type { ControllerStatus } from '../../controller/controller-status.ts';
import { controllerObservation, type ObservationParts } from './observation.ts';

const controller: ControllerStatus = {
  cyclesTotal: { complete: 3, incomplete: 0, failed: 0 },
  last: {
    result: 'complete',
    startedMs: 0,
    durationMs: 12,
    nodes: 1,
    nodesReporting: 1,
    gpus: 2,
    jobTypes: { DLT: 2 },
    changed: 0,
    problems: [{ code: 'stale', detail: '' }],
    unmatchedSeries: 4,
  },
  lastReadMs: 1_000,
  lastReadAgeMs: 0,
  runningMs: null,
  unjudgedMs: null,
  patternChangesTotal: 1,
  writes: null,
  pastOutcomes: { written: 5 },
};

function parts(leading: boolean): ObservationParts {
  return {
    version: '1',
    costs: {
      byOutcome: { ok: { requests: 3, bytes: 100, seconds: 0.25 } },
      partialAnswers: 1,
    },
    eventLoopDelayMaxMs: 0,
    controller,
    reflector: {
      synced: true,
      lastEventAgeMs: 0,
      listsTotal: 1,
      eventsTotal: 0,
      failuresTotal: {},
      error: null,
    },
    nodes: 1,
    election: {
      leading,
      holder: null,
      contactAgeMs: 0,
      error: null,
      termsTotal: 1,
      leaseUid: null,
    },
    events: null,
  };
}

describe('app/controller/observation', () => {
  it('tells what a leader sees', () => {
    expect(controllerObservation(parts(true))).toMatchObject({
      queries: {
        requestsTotal: { ok: 3 },
        requestSecondsTotal: { ok: 0.25 },
        answerBytesTotal: { ok: 100 },
        partialAnswersTotal: 1,
      },
      gpus: { DLT: 2 },
      problems: { stale: 1 },
      unmatchedSeries: 4,
      nodesReporting: 1,
    });
  });

  it('tells of a former leader its totals, and not the GPUs that its successor tells about', () => {
    expect(controllerObservation(parts(false))).toMatchObject({
      cyclesTotal: { complete: 3 },
      writesTotal: { written: 5 },
      gpus: {},
      problems: {},
      unmatchedSeries: null,
      nodesReporting: null,
      lastReadTimestampSeconds: null,
    });
  });
});
