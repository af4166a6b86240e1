import type { ChannelName } from '../source.ts';
import { badFile } from './bad-file.ts';
import { createCellReader, nonsense, type CellForm } from './cell-value.ts';
import type { DraftSet } from './draft-set.ts';
import type { LineReader } from './line-reader.ts';
import { quoted } from './read-notes.ts';
import { StampReader } from './stamp-reader.ts';

const percent = { quantity: 'percent', unit: '', scale: 1 } as const;
const columns: ReadonlyMap<string, CellForm & { readonly channel: ChannelName }> = new Map([
  ['sm', { channel: 'util', ...percent }],
  ['mem', { channel: 'memCopy', ...percent }],
  ['fb', { channel: 'memUsed', quantity: 'memory', unit: '', scale: 1 / 2 ** 20 }],
  ['pwr', { channel: 'power', quantity: 'power', unit: '', scale: 1 }],
] as const);

/** Whether a line is the header of `nvidia-smi dmon`: `#Date Time gpu pwr …`. */
export function isDmonHeader(line: string): boolean {
  const names = namesIn(line);
  return line.startsWith('#') && names.includes('gpu') && names.some((name) => columns.has(name));
}

function namesIn(line: string): string[] {
  return line.replace(/^#/, '').trim().toLowerCase().split(/\s+/);
}

interface DmonColumns {
  readonly names: readonly string[];
  readonly gpuAt: number;
  readonly timeAt: readonly number[];
  readonly channels: readonly {
    readonly channel: ChannelName;
    readonly at: number;
    readonly read: (cell: string) => number;
  }[];
}

/** Reads what `nvidia-smi dmon -o DT` (or `-o T`) prints: its header comes again and again. @throws {SourceError} `bad_file` where there is no time in it */
export function createDmonReader(file: string, gpus: DraftSet): LineReader {
  const stamps = new StampReader(null);
  let header: DmonColumns | null = null;
  return {
    get timeBase() {
      return stamps.base === 'unix' ? 'unix' : 'seconds';
    },
    take: (text, line) => {
      if (isDmonHeader(text)) header = columnsOf(text, file, line);
      if (text.startsWith('#') || header === null) return;
      const cells = text.trim().split(/\s+/);
      const seconds = stamps.read(header.timeAt.map((at) => cells[at]).join(' '));
      if (cells.length !== header.names.length || typeof seconds !== 'number') {
        gpus.takeText(line, text, 'no row of nvidia-smi dmon');
        return;
      }
      takeRow(cells, header, { seconds, line }, gpus);
    },
  };
}

function columnsOf(line: string, file: string, number: number): DmonColumns {
  const names = namesIn(line);
  const timeAt = ['date', 'time'].map((name) => names.indexOf(name)).filter((at) => at >= 0);
  if (!names.includes('time')) {
    const hint = 'Log with nvidia-smi dmon -o DT, which writes date and time in front of each row.';
    throw badFile({ file, line: number }, 'rows of nvidia-smi dmon without their times', hint);
  }
  return {
    names,
    gpuAt: names.indexOf('gpu'),
    timeAt,
    channels: names.flatMap((name, at) => {
      const form = columns.get(name);
      return form === undefined
        ? []
        : [{ channel: form.channel, at, read: createCellReader(form) }];
    }),
  };
}

function takeRow(
  cells: readonly string[],
  { gpuAt, channels }: DmonColumns,
  { seconds, line }: { readonly seconds: number; readonly line: number },
  gpus: DraftSet,
): void {
  const gpu = gpus.of(cells[gpuAt]!, null);
  let hasRow = false;
  for (const { channel, at, read } of channels) {
    const value = read(cells[at]!);
    if (value === nonsense) gpus.refuse(line, `${quoted(cells[at]!)} is not a number`, channel);
    if (value < 0) continue;
    if (!hasRow) gpus.addRow(gpu, seconds, line);
    hasRow = true;
    gpu.setValue(channel, value);
  }
}
