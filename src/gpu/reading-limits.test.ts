import { describe, expect, it } from 'vitest';
import { plausible } from '../analysis/thresholds.ts';
import { convert, dcgmFields } from './dcgm/fields.ts';
import { readField } from './nvidia-smi/quantity.ts';
import { UpdateDraft } from './nvml/update-draft.ts';
import { channelLimits } from './reading-limits.ts';
import { RecordedLines } from './recording/recorded-lines.ts';

/** What each source makes of a memory clock in MHz; null: it does not believe it. */
const sources: readonly [string, (megahertz: number) => number | null][] = [
  [
    'nvml',
    (megahertz) => {
      const draft = new UpdateDraft();
      draft.reading('memoryClockHertz', megahertz * 1e6);
      return draft.finish('GPU-1').readings?.memoryClockHertz ?? null;
    },
  ],
  [
    'nvidia-smi',
    (megahertz) => {
      const field = readField(`${megahertz} MHz`, 'clock');
      return field.kind === 'value' ? field.value : null;
    },
  ],
  [
    'dcgm',
    (megahertz) => {
      const value = convert(dcgmFields['DCGM_FI_DEV_MEM_CLOCK']!, megahertz);
      return typeof value === 'number' ? value : null;
    },
  ],
];

describe.each(sources)('plausible limits in source %s', (_source, read) => {
  it.each([405, 10_501, 14_001, 16_001])('believe a memory clock of %d MHz', (megahertz) => {
    expect(read(megahertz)).toBe(megahertz * 1e6);
  });

  it('do not believe the 32-bit number that stands for none', () => {
    expect(read(4_294_967_295)).toBeNull();
  });
});

describe('plausible limits of the channels', () => {
  it('are those of analysis', () => {
    expect(channelLimits).toEqual({
      util: plausible.percent,
      memCopy: plausible.percent,
      memUsed: plausible.memUsedMiB,
      power: plausible.powerWatts,
    });
  });

  it.each([
    ['power_w', 10_000],
    ['mem_used_mib', 2 ** 24],
  ] as const)('hold for recordings: %s up to %d', (column, highest) => {
    const lines = new RecordedLines('a.csv');
    lines.push(`t_s,${column}\n0,${highest}\n1,${highest * 1.01}\n`);
    const [channel] = Object.values(lines.end()?.gpus[0]?.channels ?? {});
    expect([...(channel?.values ?? [])]).toEqual([highest]);
  });
});
