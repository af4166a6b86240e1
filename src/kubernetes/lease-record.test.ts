import { describe, expect, it } from 'vitest';
import { leaseBody, leaseRecord } from './lease-record.ts';

const nowMs = Date.parse('2026-11-21T12:00:00.123Z');
const lease = {
  metadata: { resourceVersion: '7', annotations: { kept: 'yes' } },
  spec: {
    holderIdentity: 'other',
    leaseDurationSeconds: 15,
    acquireTime: '2026-11-21T11:00:00.000000Z',
    renewTime: '2026-11-21T11:59:50.000000Z',
    leaseTransitions: 3,
    strategy: 'OldestEmulationVersion',
  },
};
const common = { name: 'l', namespace: 'n', durationMs: 15_000, nowMs, annotations: { ours: '1' } };

describe('kubernetes/lease-record', () => {
  it('writes times with exactly six digits', () => {
    const body = leaseBody({ ...common, holder: 'me', current: null });
    expect(body).toMatchObject({
      spec: {
        acquireTime: '2026-11-21T12:00:00.123000Z',
        renewTime: '2026-11-21T12:00:00.123000Z',
        leaseDurationSeconds: 15,
        leaseTransitions: 0,
      },
    });
  });

  it('counts a transition and keeps what is not ours when it takes over', () => {
    const body = leaseBody({ ...common, holder: 'me', current: leaseRecord(lease) });
    expect(body).toMatchObject({
      metadata: { resourceVersion: '7', annotations: { kept: 'yes', ours: '1' } },
      spec: {
        holderIdentity: 'me',
        leaseTransitions: 4,
        acquireTime: '2026-11-21T12:00:00.123000Z',
        strategy: 'OldestEmulationVersion',
      },
    });
  });

  it('keeps the time of acquisition while it renews', () => {
    const current = leaseRecord(lease);
    expect(leaseBody({ ...common, holder: 'other', current })).toMatchObject({
      spec: { leaseTransitions: 3, acquireTime: '2026-11-21T11:00:00.000000Z' },
    });
  });

  it('gives up by an empty holder and a short duration', () => {
    const current = leaseRecord(lease);
    expect(leaseBody({ ...common, holder: '', current })).toMatchObject({
      spec: { holderIdentity: '', leaseDurationSeconds: 1, leaseTransitions: 3 },
    });
  });

  it.each([
    [null],
    [{}],
    ['text'],
    [{ spec: null }],
    [{ spec: { holderIdentity: 5, leaseDurationSeconds: 'x', leaseTransitions: null } }],
    [{ metadata: { annotations: [1] }, spec: { holderIdentity: '  ', acquireTime: 12 } }],
  ])('reads garbage as nobody: %j', (garbage) => {
    const record = leaseRecord(garbage);
    expect(record).toMatchObject({ holder: null, leaseDurationSeconds: null, transitions: 0 });
    expect(leaseBody({ ...common, holder: 'me', current: record })).toMatchObject({
      spec: { holderIdentity: 'me', acquireTime: '2026-11-21T12:00:00.123000Z' },
    });
  });
});
