import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseXml } from './nvidia-smi/xml.ts';
import { heldBytes, readSystemMemory, sharesSystemMemory } from './unified-memory.ts';

const mib = 2 ** 20;
const gb10 = readFileSync(
  new URL('../../test/fixtures/nvidia-smi/gb10-unified.xml', import.meta.url),
  'utf8',
);
const processes = /<processes>[^]*<\/processes>/;

describe('gpu/unified-memory', () => {
  it('takes what the processes of a GB10 hold for what it uses', async () => {
    const [gpu] = await parseXml(gb10);

    expect(gpu?.device).toMatchObject({ model: 'NVIDIA GB10', memoryKind: 'unified' });
    expect(gpu?.readings).toMatchObject({ memoryUsedBytes: 63_949 * mib, utilPercent: 94 });
    expect(gpu?.missing).toMatchObject({ memoryTotalBytes: 'not_available' });
    expect(gpu?.missing).not.toHaveProperty('memoryUsedBytes');
  });

  it('tells nothing held from not knowing', async () => {
    const [free] = await parseXml(gb10.replace(processes, '<processes></processes>'));
    const [silent] = await parseXml(gb10.replace(processes, '<processes>N/A</processes>'));

    expect(free?.readings.memoryUsedBytes).toBe(0);
    expect(silent?.device.memoryKind).toBe('unified');
    expect(silent?.readings).not.toHaveProperty('memoryUsedBytes');
    expect(silent?.missing.memoryUsedBytes).toBe('not_available');
  });

  it('leaves the memory of a discrete card absent that does not tell it', async () => {
    const card = gb10
      .replace('NVIDIA GB10', 'NVIDIA X')
      .replaceAll(/<used_memory>.*<\/used_memory>/g, '<used_memory>N/A</used_memory>');
    const [gpu] = await parseXml(card);

    expect(gpu?.device).not.toHaveProperty('memoryKind');
    expect(gpu?.readings).not.toHaveProperty('memoryUsedBytes');
    expect(gpu?.missing.memoryUsedBytes).toBe('not_available');
  });

  it.each([
    ['NVIDIA GB10', undefined, true],
    ['NVIDIA Thor', [], true],
    ['Orin (nvgpu)', [], true],
    ['NVIDIA X', [{ pid: 1, kind: 'compute', usedMemoryBytes: 5 }], true],
    ['NVIDIA X', [{ pid: 1, kind: 'compute' }], false],
    ['NVIDIA X', [], false],
    ['NVIDIA GB100', undefined, false],
  ] as const)('%s with processes %j shares the memory of the system: %s', (model, list, shares) => {
    expect(sharesSystemMemory(model, list)).toBe(shares);
  });

  it('adds what is known of the processes', () => {
    expect(heldBytes([])).toBe(0);
    expect(heldBytes([{ pid: 1, kind: 'compute' }])).toBeUndefined();
    expect(
      heldBytes([
        { pid: 1, kind: 'compute', usedMemoryBytes: 5 },
        { pid: 2, kind: 'graphics' },
      ]),
    ).toBe(5);
  });

  it.each([
    ['MemTotal:       125556 kB\nMemFree: 1 kB\nMemAvailable:    25556 kB\n', 125_556, 25_556],
    ['MemTotal: 5 kB\n', undefined, undefined],
    ['MemTotal: 5 kB\nMemAvailable: 6 kB\n', undefined, undefined],
    ['', undefined, undefined],
  ])('reads %j', async (meminfo, totalKib, availableKib) => {
    const folder = mkdtempSync(join(tmpdir(), 'meminfo-'));
    writeFileSync(join(folder, 'meminfo'), meminfo);

    const memory = await readSystemMemory(folder);

    expect(memory.systemMemoryTotalBytes).toBe(totalKib && totalKib * 1024);
    expect(memory.systemMemoryAvailableBytes).toBe(availableKib && availableKib * 1024);
    expect(memory.systemMemoryUsedBytes).toBe(totalKib && 100_000 * 1024);
    expect(await readSystemMemory(join(folder, 'nowhere'))).toEqual({});
    rmSync(folder, { recursive: true });
  });
});
