import { describe, expect, it } from 'vitest';
import { gpuObservation } from '../../test/support/controller/gpu-observation.ts';
import { createFleetMemory, type FleetMemory } from './gpu-memory.ts';
import { nodeFacts } from './node-facts.ts';
import { jobTypeKey, profileKey } from './annotation-keys.ts';
import { profileText } from './annotations/profile.ts';
import type { FleetUsage } from './usage-source.ts';

const nowMs = 1_700_000_000_000;
const baselineMs = nowMs - 3_600_000;

function fleetOf(...uuids: readonly string[]): FleetUsage {
  const gpus = uuids.map((uuid, index) =>
    gpuObservation({ uuid, index, usage: null, lastSampleMs: nowMs - 1_000 }),
  );
  const nodes = new Map([['n', { node: 'n', gpus }]]);
  return { timeMs: nowMs, complete: true, problems: [], nodes, unmatched: [] };
}

async function look(
  memory: FleetMemory,
  fleet: FleetUsage | null,
  annotations: Readonly<Record<string, string>> = {},
): Promise<void> {
  const turns = { breathe: () => Promise.resolve() };
  const options = { turns, nowMs, freshMs: 60_000, ttlMs: 900_000, windowsSeconds: [120] };
  await nodeFacts({ name: 'n', annotations }, fleet, memory, options);
}

describe('controller/gpu-memory', () => {
  it('keeps GPUs that the data or the annotations speak of, and no other', async () => {
    const memory = createFleetMemory(baselineMs);
    await look(memory, fleetOf('A', 'B'));
    expect(memory.trustedMs('n', 'B')).toBe(nowMs - 1_000);
    const entry = { i: 1, uuid: 'B', pattern: 'idle', since: '2023-01-01T00:00:00Z' } as const;
    const annotations = { [jobTypeKey(1)]: 'Empty', [profileKey]: profileText([entry], nowMs) };
    await look(memory, fleetOf('A'), annotations);
    expect(memory.trustedMs('n', 'B')).toBe(nowMs - 1_000);
    await look(memory, null);
    expect(memory.trustedMs('n', 'B')).toBe(nowMs - 1_000);
    await look(memory, fleetOf('A'));
    expect(memory.trustedMs('n', 'B')).toBe(baselineMs);
    expect(memory.trustedMs('n', 'A')).toBe(nowMs - 1_000);
    memory.retain(new Set());
    expect(memory.trustedMs('n', 'A')).toBe(baselineMs);
  });
});
