import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { createNvidiaSmiSource } from '../../src/gpu/nvidia-smi-source.ts';
import { createFakeNvidiaSmi } from '../support/nvidia-smi/fake-command.ts';
import { placeStandin } from '../support/nvml/standin.ts';
import { readFirst, useStandins } from '../support/nvml/use-standins.ts';
import { valuesOf } from './collector/running-collector.ts';
import { useCollectors } from './collector/use-collectors.ts';

const { start } = useCollectors();
const standins = useStandins();
const signal = new AbortController().signal;
const procRoot = mkdtempSync(join(tmpdir(), 'unified-memory-'));
writeFileSync(
  join(procRoot, 'meminfo'),
  'MemTotal:       125000000 kB\nMemFree:        1000000 kB\nMemAvailable:   50000000 kB\n',
);
const gb10 = join(import.meta.dirname, '..', 'fixtures', 'nvidia-smi', 'gb10-unified.xml');
const mib = 2 ** 20;
const systemMemory = {
  systemMemoryTotalBytes: 125_000_000 * 1024,
  systemMemoryAvailableBytes: 50_000_000 * 1024,
  systemMemoryUsedBytes: 75_000_000 * 1024,
};
const unsupported = ['nvmlDeviceGetMemoryInfo_v2', 'nvmlDeviceGetMemoryInfo'].map((call) => ({
  call,
  code: 3,
}));
const held = [
  { gpu: 0, pid: 4242, mib: 63_931 },
  { gpu: 0, pid: 999, mib: 18, graphics: true },
];

afterAll(() => rmSync(procRoot, { recursive: true }));

describe('a GPU that shares the memory of the system', () => {
  it('by NVML: what its processes hold, and the memory of the system', async () => {
    const script = { faults: unsupported, processes: held };
    const { source, standin } = await standins.setUp(script, { procRoot });
    await source.open(signal);

    const read = await source.read('memory', signal);

    expect(read.devices?.[0]).toMatchObject({ memoryKind: 'unified' });
    expect(read.updates[0]?.readings).toMatchObject({
      memoryUsedBytes: 63_949 * mib,
      ...systemMemory,
    });
    expect(read.updates[0]?.samples?.memUsed?.values).toEqual([63_949]);
    expect(read.updates[0]?.missing).toEqual({
      memoryTotalBytes: 'not_supported',
      memoryFreeBytes: 'not_supported',
      memoryReservedBytes: 'not_supported',
    });
    // When the last process has gone it still is one, and holds nothing.
    standin.rewrite({ faults: unsupported });
    await new Promise((resolve) => setTimeout(resolve, 60));
    const later = await source.read('memory', signal);
    expect(later.devices).toBeUndefined();
    expect(later.updates[0]?.readings?.memoryUsedBytes).toBe(0);
  });

  it('by NVML: a discrete card that does not tell its memory has none to show', async () => {
    const unknown = [{ gpu: 0, pid: 7, mib: -1 }];
    const { source } = await standins.setUp(
      { faults: unsupported, processes: unknown },
      { procRoot },
    );
    await source.open(signal);
    const read = await readFirst(source, 'memory');
    expect(Object.keys(read.readings ?? {})).toEqual(['energyJoules']);
    expect(read.missing).toMatchObject({ memoryUsedBytes: 'not_supported' });
  });

  it('by nvidia-smi', async () => {
    const fake = await createFakeNvidiaSmi();
    await fake.answer('xml', { stdout: readFileSync(gb10, 'utf8') });
    const source = createNvidiaSmiSource({ command: fake.command, procRoot });

    expect(await source.open(signal)).toMatchObject([{ memoryKind: 'unified' }]);
    const { updates } = await source.read('usage', signal);

    expect(updates[0]?.readings).toMatchObject({
      memoryUsedBytes: 63_949 * mib,
      ...systemMemory,
    });
    expect(updates[0]?.samples?.memUsed?.values).toEqual([63_949]);
    await fake.remove();
  });

  it('is seen as held idle, and says in gpu_info what its memory is', async () => {
    const standin = await placeStandin(join(procRoot, 'collector'), {
      faults: unsupported,
      processes: held,
    });
    const { library } = standin;
    const args = ['--source', 'nvml', '--nvml.library', library, '--path.procfs', procRoot];
    const collector = await start(...args);
    const text = await collector.until(
      'held idle',
      (found) => /^gpu_usage_pattern_info\{[^}]*pattern="alloc-idle"/m.test(found),
      90_000,
    );
    expect(text).toMatch(/^gpu_info\{[^}]*memory="unified"/m);
    expect(valuesOf(text, 'gpu_memory_used_bytes').get('0')).toBe(63_949 * mib);
    expect(valuesOf(text, 'gpu_system_memory_total_bytes').get('0')).toBe(125_000_000 * 1024);
    expect(text).not.toMatch(/^gpu_memory_total_bytes\{/m);
  }, 120_000);
});
