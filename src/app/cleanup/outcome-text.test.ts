import { describe, expect, it } from 'vitest';
import type { CleanupReport } from '../../controller/cleanup.ts';
import { ApiError } from '../../kubernetes/api-error.ts';
import { leaseRecord } from '../../kubernetes/lease-record.ts';
import { isClean, outcomeJson, type CleanupOutcome } from './outcome.ts';
import { outcomeText } from './outcome-text.ts';

const domain = 'ai.centaurus.io';
const done: CleanupReport = {
  nodes: 3,
  removed: [{ node: 'a', keys: [`${domain}/gpu-profile`, `${domain}/gpu-profiler-owned`] }],
  left: [],
  others: [],
  verified: true,
  problem: null,
};
const leaseName = { namespace: 'ns', name: 'lease' };
const record = leaseRecord({ metadata: {}, spec: { holderIdentity: 'pod-1' } });

function outcome(changes: Partial<CleanupOutcome> = {}): CleanupOutcome {
  return {
    dryRun: false,
    deployment: 'ns/controller',
    controller: {
      deployment: { outcome: 'stopped', replicasBefore: 2 },
      leaseName,
      lease: { state: 'released', record },
      isRunning: false,
    },
    report: done,
    lease: { outcome: 'deleted', reason: '', isTaken: false },
    problem: null,
    ...changes,
  };
}

describe('app/cleanup/outcome', () => {
  it('tells what was done, in the order of interest', () => {
    expect(outcomeText(outcome())).toBe(`a: removed gpu-profile, gpu-profiler-owned
Removed 2 keys from 1 of 3 nodes.
Deployment ns/controller: scaled from 2 to 0; it has no pods any more.
Lease ns/lease: deleted.
Nothing of ours is left on any node.
`);
    expect(isClean(outcome())).toBe(true);
  });

  it('tells what is left, why, and each hint once', () => {
    const refused = {
      keys: [`${domain}/gpu-static`],
      reason: 'forbidden',
      hint: 'Allow it.',
    } as const;
    const left = ['b', 'c'].map((node) => ({ ...refused, node, detail: `PATCH ${node}: 403` }));
    const given = outcome({ report: { ...done, left }, lease: null });
    expect(outcomeText(given)).toContain(`LEFT: 2 keys on 2 nodes:
  b: gpu-static: not allowed: PATCH b: 403
  c: gpu-static: not allowed: PATCH c: 403
  Allow it.
`);
    expect(outcomeText(given)).toMatch(/Run it again to go on from here\.\n$/);
    expect(isClean(given)).toBe(false);
  });

  const running = { ...outcome().controller!, isRunning: true };
  it.each<[string, Partial<CleanupOutcome>]>([
    ['a controller runs', { controller: running }],
    ['one has begun to', { lease: { outcome: 'kept', reason: 'taken', isTaken: true } }],
    ['it is not verified', { report: { ...done, verified: false } }],
    ['nothing was done', { report: null }],
    ['it ended before its time', { problem: new ApiError('timeout', 'silent') }],
  ])('is not clean when %s', (_, changes) => {
    expect(isClean(outcome(changes))).toBe(false);
    expect(outcomeText(outcome(changes))).not.toContain('Nothing of ours is left');
    expect(outcomeJson(outcome(changes))).toMatchObject({ clean: false });
  });

  it('is one object for scripts, complete also where it did not come to much', () => {
    expect(outcomeJson(outcome())).toEqual({
      clean: true,
      dryRun: false,
      ...done,
      deployment: { name: 'ns/controller', outcome: 'stopped', replicasBefore: 2 },
      controllerRunning: false,
      lease: { ...leaseName, found: 'released', holder: 'pod-1', outcome: 'deleted', reason: '' },
      problem: null,
    });
    const problem = new ApiError('forbidden', 'no', { hint: 'ask' });
    const nothing = outcome({ controller: null, report: null, lease: null, problem });
    expect(outcomeJson(nothing)).toMatchObject({
      nodes: null,
      removed: [],
      lease: null,
      problem: { code: 'forbidden', detail: 'no', hint: 'ask' },
    });
  });
});
