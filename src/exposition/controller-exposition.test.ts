import { describe, expect, it } from 'vitest';
import { allFamilies } from './family-filter.ts';
import { ControllerExposition } from './controller-exposition.ts';
import type { ControllerObservation } from './controller-observation.ts';
import { controllerFamilies } from './families/controller.ts';

const observation: ControllerObservation = {
  version: '1.2.3',
  nodejsVersion: 'v24',
  process: {
    residentBytes: 1,
    heapUsedBytes: 2,
    heapTotalBytes: 3,
    externalBytes: 4,
    cpuSeconds: 1,
    startTimeMs: 1_000,
    openFileDescriptors: 5,
    maxFileDescriptors: null,
    eventLoopDelayMaxMs: 0,
  },
  isLeader: true,
  leaderTermsTotal: 1,
  leaseContactAgeSeconds: 0.5,
  cyclesTotal: { complete: 7, incomplete: 1, failed: 0 },
  cycleDurationSeconds: 0.25,
  lastReadTimestampSeconds: 1_800_000_000,
  nodes: 3,
  nodesReporting: 2,
  gpus: { DLT: 4, Unknown: 1 },
  problems: { stale: 1 },
  unmatchedSeries: 0,
  queries: {
    requestsTotal: { ok: 12, timeout: 1 },
    requestSecondsTotal: { ok: 0.5, timeout: 30 },
    answerBytesTotal: { ok: 4096 },
    partialAnswersTotal: 2,
  },
  patternChangesTotal: 5,
  writesTotal: { written: 9, forbidden: 1 },
  writesWaiting: 0,
  writesInFlight: 0,
  nodesRefused: 1,
  listsTotal: 1,
  watchEventsTotal: 12,
  watchFailuresTotal: { gone: 1 },
  watchEventAgeSeconds: 3,
  eventsSentTotal: 2,
  eventsDroppedTotal: 0,
};

describe('exposition/controller-exposition', () => {
  it('shows every family with its type and labels', async () => {
    const { body, contentType } = await new ControllerExposition(
      allFamilies,
      () => observation,
    ).scrape('text');
    expect(contentType).toContain('text/plain');
    for (const { name, type } of controllerFamilies)
      expect(body).toContain(`# TYPE ${name} ${type}`);
    expect(body).toContain('gpu_profiler_controller_cycles_total{result="complete"} 7');
    expect(body).toContain('gpu_profiler_controller_writes_total{outcome="forbidden"} 1');
    expect(body).toContain('process_resident_memory_bytes 1');
    expect(body).toContain('gpu_profiler_build_info{version="1.2.3",nodejs_version="v24"} 1');
  });

  it('leaves out what is not known; it never becomes 0', async () => {
    const unknown = { ...observation, leaseContactAgeSeconds: null, nodesReporting: null };
    const { body } = await new ControllerExposition(allFamilies, () => unknown).scrape('text');
    expect(body).not.toContain('lease_contact_age_seconds');
    expect(body).not.toContain('nodes_reporting');
  });

  it('ends OpenMetrics as it must end', async () => {
    const { body } = await new ControllerExposition(allFamilies, () => observation).scrape(
      'openmetrics',
    );
    expect(body.endsWith('# EOF\n')).toBe(true);
    expect(body).toContain('# TYPE gpu_profiler_controller_cycles counter');
  });
});
