import { describe, expect, it } from 'vitest';
import { UsageError } from '../lib/errors.ts';
import type { Clock } from '../lib/clock.ts';
import { createSimulatedSource, simulatedPlan, simulatedWorkloads } from './simulated-source.ts';

function manualClock(): Clock & { advance(ms: number): void } {
  let ms = 0;
  return {
    now: () => 1_800_000_000_000 + ms,
    monotonicMs: () => ms,
    sleep: () => Promise.resolve(),
    advance: (by) => {
      ms += by;
    },
  };
}

const signal = new AbortController().signal;

describe('gpu/simulated-source', () => {
  it('has four GPUs with different workloads, named as simulated', async () => {
    const source = createSimulatedSource({ clock: manualClock() });
    const devices = await source.open(signal);

    expect(source.simulated).toBe(true);
    expect(devices.map((device) => device.index)).toEqual([0, 1, 2, 3]);
    expect(new Set(devices.map((device) => device.uuid)).size).toBe(4);
    for (const device of devices) expect(device.model).toMatch(/^Simulated /);
  });

  it('repeats the named workloads over the GPUs', () => {
    const plan = simulatedPlan({ gpus: 5, workloads: ['idle', 'stuck'] });

    expect(plan.map((workload) => workload.name)).toEqual([
      'idle',
      'stuck',
      'idle',
      'stuck',
      'idle',
    ]);
  });

  it.each([
    { workloads: ['trainign'] },
    { gpus: 0 },
    { gpus: 2.5 },
    { gpus: Number.NaN },
    { gpus: 1_000 },
  ])('refuses %j with what is allowed', (options) => {
    expect(() => createSimulatedSource(options)).toThrow(UsageError);
  });

  it('brings the channels of each tier with the time of the read', async () => {
    const clock = manualClock();
    const source = createSimulatedSource({ gpus: 1, workloads: ['fast-training'], clock });
    await source.open(signal);
    clock.advance(10_000);

    const usage = (await source.read('usage', signal)).updates[0];
    const memory = (await source.read('memory', signal)).updates[0];
    const slow = (await source.read('slow', signal)).updates[0];

    expect(Object.keys(usage?.samples ?? {})).toEqual(['util', 'memCopy', 'power']);
    expect(usage?.samples?.util?.timesMs).toEqual([clock.now()]);
    expect(usage?.readings?.utilPercent).toBeGreaterThan(80);
    const { memoryUsedBytes, memoryFreeBytes, memoryReservedBytes, memoryTotalBytes } =
      memory?.readings ?? {};
    expect((memoryUsedBytes ?? 0) + (memoryFreeBytes ?? 0) + (memoryReservedBytes ?? 0)).toBe(
      memoryTotalBytes,
    );
    expect(slow?.processes?.[0]?.usedMemoryBytes).toBe(memoryUsedBytes);
    expect(slow?.readings?.processCount).toBe(1);
    expect(slow?.missing?.fanPercent).toBe('not_supported');
  });

  it('never uses a process id that a real process can have', async () => {
    const source = createSimulatedSource({ gpus: 8, clock: manualClock() });
    await source.open(signal);
    const { updates } = await source.read('slow', signal);

    for (const { processes } of updates) {
      for (const { pid } of processes ?? []) expect(pid).toBeGreaterThan(2 ** 22);
    }
  });

  it('goes on where it was when it is opened again', async () => {
    const clock = manualClock();
    const source = createSimulatedSource({ gpus: 8, workloads: simulatedWorkloads, clock });
    await source.open(signal);
    clock.advance(50_000);
    const before = await source.read('slow', signal);
    await source.close();
    await source.open(signal);

    expect(await source.read('slow', signal)).toEqual(before);
  });
});
