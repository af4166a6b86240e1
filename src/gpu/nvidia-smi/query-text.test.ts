import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isQueryText, parseQueryText } from './query-text.ts';

const text = `
==============NVSMI LOG==============

Driver Version                            : 570.10
CUDA Version                              : 12.8

Attached GPUs                             : 2
GPU 00000000:01:00.0
    Product Name                          : Card A
    GPU UUID                              : GPU-a
    Fan Speed                             : N/A
    MIG Mode
        Current                           : Disabled
    FB Memory Usage
        Total                             : 1000 MiB
        Used                              : 10 MiB
    BAR1 Memory Usage
        Used                              : 3 MiB
    Utilization
        Gpu                               : 12 %
    Clocks
        SM                                : 1000 MHz
    Max Clocks
        SM                                : 2000 MHz
    Processes
        GPU instance ID                   : N/A
        Process ID                        : 11
            Type                          : C
            Name                          : a : b
            Used GPU Memory               : 5 MiB
        Process ID                        : 12
            Type                          : G

GPU 00000000:02:00.0
    Product Name                          : Card B
    GPU UUID                              : GPU-b
    Utilization                           : GPU is lost
    Processes                             : None
`;

describe('gpu/nvidia-smi/query-text', () => {
  it('reads each GPU, from its own section only', () => {
    const [a, b] = parseQueryText(text);

    expect(a).toMatchObject({
      device: {
        index: 0,
        uuid: 'GPU-a',
        model: 'Card A',
        driverVersion: '570.10',
        migEnabled: false,
      },
      readings: {
        utilPercent: 12,
        memoryUsedBytes: 10 * 2 ** 20,
        smClockHertz: 1e9,
        processCount: 2,
      },
      missing: { fanPercent: 'not_available' },
      processes: [
        { pid: 11, kind: 'compute', name: 'a : b', usedMemoryBytes: 5 * 2 ** 20 },
        { pid: 12, kind: 'graphics' },
      ],
    });
    expect(b).toMatchObject({
      device: { index: 1, uuid: 'GPU-b' },
      status: { up: false, reason: 'gpu_lost' },
      processes: [],
    });
  });

  it('knows its form', () => {
    expect(isQueryText(text)).toBe(true);
    expect(isQueryText('No devices were found')).toBe(false);
  });

  it('never fails, whatever lines it is given', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(...text.split('\n'), '    Processes', '        Process ID : x', '    pci'),
    );
    const result = fc.check(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) =>
        parseQueryText(lines.join('\n')).every(({ readings }) =>
          Object.values(readings).every(Number.isFinite),
        ),
      ),
    );
    expect(result).toMatchObject({ failed: false });
  });
});
