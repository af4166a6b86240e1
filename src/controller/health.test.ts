import { describe, expect, it } from 'vitest';
import type { ControllerStatus, CycleReport } from './controller-status.ts';
import { livenessProblems, readinessProblems, type ControllerState } from './health.ts';

const report = (changes: Partial<CycleReport> = {}): CycleReport => ({
  result: 'complete',
  startedMs: 0,
  durationMs: 5,
  nodes: 1,
  nodesReporting: 1,
  gpus: 1,
  jobTypes: {},
  changed: 0,
  problems: [],
  unmatchedSeries: 0,
  ...changes,
});
const controller: ControllerStatus = {
  cyclesTotal: { complete: 1, incomplete: 0, failed: 0 },
  last: report(),
  lastReadMs: 0,
  lastReadAgeMs: 1_000,
  runningMs: null,
  unjudgedMs: null,
  patternChangesTotal: 0,
  writes: null,
  pastOutcomes: {},
};
const good: ControllerState = {
  controller,
  reflector: {
    synced: true,
    lastEventAgeMs: 10,
    listsTotal: 1,
    eventsTotal: 0,
    failuresTotal: {},
    error: null,
  },
  election: {
    leading: true,
    holder: 'me',
    contactAgeMs: 100,
    error: null,
    termsTotal: 1,
    leaseUid: null,
  },
  intervalMs: 30_000,
  leaseDurationMs: 15_000,
};
const codes = (state: ControllerState): string[] =>
  readinessProblems(state).map(({ code }) => code);

describe('controller/health', () => {
  it('is ready as a leader that works, and as a stand-by without a cycle', () => {
    expect(readinessProblems(good)).toEqual([]);
    const election = { ...good.election, leading: false } as ControllerState['election'];
    const idle = { ...controller, last: null, lastReadAgeMs: null };
    expect(readinessProblems({ ...good, election, controller: idle })).toEqual([]);
  });

  it('is not ready when GPUs have reported for a quarter of an hour and none could be judged', () => {
    const problem = { code: 'no_gpu_judged', detail: '8 GPUs report', hint: 'Scrape more often.' };
    const unjudged = (unjudgedMs: number): ControllerState => ({
      ...good,
      controller: { ...controller, unjudgedMs, last: report({ problems: [problem] }) },
    });
    expect(readinessProblems(unjudged(14 * 60_000))).toEqual([]);
    expect(readinessProblems(unjudged(16 * 60_000))).toEqual([
      { code: 'no_gpu_judged', detail: '8 GPUs report. Scrape more often.' },
    ]);
  });

  it('is not ready when no usage was read for three periods, and says why', () => {
    const problems = [{ code: 'unreachable', detail: 'no answer', hint: 'Start it.' }];
    const last = report({ result: 'failed', problems });
    const state = { ...good, controller: { ...controller, last, lastReadAgeMs: 91_000 } };
    expect(readinessProblems(state)).toEqual([
      { code: 'unreachable', detail: 'no answer. Start it.' },
    ]);
    expect(livenessProblems(state)).toEqual([]);
    expect(codes({ ...state, controller: { ...state.controller, lastReadAgeMs: 89_000 } })).toEqual(
      [],
    );
  });

  it('is not ready before its nodes are listed, nor when the Lease is out of reach', () => {
    expect(codes({ ...good, reflector: { ...good.reflector, synced: false } })).toEqual([
      'nodes_not_listed',
    ]);
    const election = { ...good.election, contactAgeMs: 16_000 } as ControllerState['election'];
    expect(codes({ ...good, election })).toEqual(['lease_not_read']);
  });

  it('is alive unless a cycle does not end', () => {
    const running = (runningMs: number): ControllerState => ({
      ...good,
      controller: { ...controller, runningMs },
    });
    expect(livenessProblems(running(14 * 60_000))).toEqual([]);
    expect(livenessProblems(running(15 * 60_000))[0]?.code).toBe('cycle_stuck');
  });
});
