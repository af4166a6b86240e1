import { messageOf } from '../../lib/errors.ts';
import { channelLimits, isWithin } from '../reading-limits.ts';
import { SourceError } from '../source.ts';
import type { ChannelName } from '../source.ts';

/** Column of a recorded trace → channel (units as the channel's: %, %, MiB, W). */
const columns: Readonly<Record<string, ChannelName>> = {
  util_gpu: 'util',
  util_mem: 'memCopy',
  mem_used_mib: 'memUsed',
  power_w: 'power',
};

/** Samples of one channel, oldest first; seconds from the start of the trace. */
export interface TraceChannel {
  readonly seconds: readonly number[];
  readonly values: readonly number[];
}

export interface Trace {
  readonly channels: Readonly<Partial<Record<ChannelName, TraceChannel>>>;
  /** From the first sample to where the first one stands again when the trace is repeated: the last sample plus the usual spacing. */
  readonly lengthSeconds: number;
}

export interface Segment {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** Whether a file is a trace: its first line names `t_s`. */
export function isTrace(text: string): boolean {
  return splitRow(firstLine(text)).includes('t_s');
}

/**
 * Reads a trace: CSV with a header, `t_s` (seconds, ascending) and any of `util_gpu`, `util_mem`, `mem_used_mib`, `power_w`.
 * An empty cell (or `nan`, or a value that cannot be true, such as 4294967295 %) is no sample of that channel; other columns are ignored. `segment` cuts by `t_s`, both ends included.
 * @throws {SourceError} `bad_file` with file, line and column of what is wrong.
 */
export function parseTrace(text: string, file: string, segment?: Segment): Trace {
  const lines = text.split(/\r?\n/);
  const header = splitRow(lines[0] ?? '');
  const wanted = wantedColumns(header, file);
  const channels: MutableChannels = {};
  for (const { channel } of wanted) channels[channel] = { seconds: [], values: [] };
  const times: number[] = [];
  let previous = Number.NEGATIVE_INFINITY;
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const place = { file, line: index + 1 };
    const cells = cellsOf(line, header, place);
    const seconds = timeOf(cells[header.indexOf('t_s')] ?? '', previous, place);
    previous = seconds;
    if (!isInSegment(segment, seconds)) continue;
    times.push(seconds);
    for (const { name, channel, column } of wanted) {
      const value = sampleIn(cells[column] ?? '', channel, { ...place, column: name });
      if (value === null) continue;
      channels[channel]?.seconds.push(seconds);
      channels[channel]?.values.push(value);
    }
  }
  return fromStart(channels, times, file);
}

function isInSegment(segment: Segment | undefined, seconds: number): boolean {
  return !segment || (seconds >= segment.fromSeconds && seconds <= segment.toSeconds);
}

type MutableChannels = Partial<Record<ChannelName, { seconds: number[]; values: number[] }>>;

function cellsOf(line: string, header: readonly string[], place: Place): string[] {
  const cells = splitRow(line);
  if (cells.length === header.length) return cells;
  throw badFile(place, `${cells.length} cells where the header has ${header.length}`);
}

function timeOf(cell: string, previous: number, place: Place): number {
  const at = { ...place, column: 't_s' };
  const seconds = numberIn(cell, at);
  if (seconds === null) throw badFile(at, 'a row without a time');
  if (seconds < previous) throw badFile(at, `${seconds} after ${previous}: time goes back`);
  return seconds;
}

function fromStart(channels: MutableChannels, times: readonly number[], file: string): Trace {
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined) {
    throw new SourceError('bad_file', `${file}: no samples`, {
      hint: 'Check the file, and the segment after # if one is given (seconds of t_s).',
    });
  }
  const steps = times
    .slice(1)
    .map((time, index) => time - (times[index] ?? time))
    .filter((step) => step > 0)
    .sort((a, b) => a - b);
  const usualStep = steps[Math.floor(steps.length / 2)] ?? 1;
  const shifted: Partial<Record<ChannelName, TraceChannel>> = {};
  for (const [name, { seconds, values }] of Object.entries(channels)) {
    shifted[name as ChannelName] = { seconds: seconds.map((time) => time - first), values };
  }
  return { channels: shifted, lengthSeconds: last - first + usualStep };
}

function wantedColumns(
  header: readonly string[],
  file: string,
): { channel: ChannelName; name: string; column: number }[] {
  if (!header.includes('t_s')) {
    throw badFile({ file, line: 1 }, 'the header has no column t_s (seconds)');
  }
  const wanted = header.flatMap((name, column) => {
    const channel = Object.hasOwn(columns, name) ? columns[name] : undefined;
    return channel === undefined ? [] : [{ channel, name, column }];
  });
  const repeated = header.find((name, index) => name !== '' && header.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw badFile({ file, line: 1, column: repeated }, 'a column that stands there twice');
  }
  if (wanted.length === 0) {
    throw badFile({ file, line: 1 }, `none of the columns ${Object.keys(columns).join(', ')}`);
  }
  return wanted;
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column?: string;
}

function sampleIn(cell: string, channel: ChannelName, place: Place): number | null {
  const value = numberIn(cell, place);
  return value === null || !isWithin(value, channelLimits[channel]) ? null : value;
}

function numberIn(cell: string, place: Place): number | null {
  if (cell === '' || cell.toLowerCase() === 'nan') return null;
  const value = Number(cell);
  if (!Number.isFinite(value)) throw badFile(place, `"${cell.slice(0, 40)}" is not a number`);
  return value;
}

function badFile({ file, line, column }: Place, what: string): SourceError {
  const where = column === undefined ? '' : `, column ${column}`;
  return new SourceError('bad_file', `${file}, line ${line}${where}: ${what}`, {
    hint: 'A trace is CSV with a header: t_s and any of util_gpu, util_mem, mem_used_mib, power_w.',
  });
}

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
}

function splitRow(line: string): string[] {
  return line
    .replace(/^\uFEFF/, '')
    .split(',')
    .map((cell) => cell.trim());
}

/** The failure to read a file, as the source reports it. */
export function unreadable(file: string, cause: unknown): SourceError {
  return new SourceError('bad_file', `cannot read ${file}: ${messageOf(cause)}`, {
    cause,
    hint: 'Check the path and its permissions (--replay.files).',
  });
}
