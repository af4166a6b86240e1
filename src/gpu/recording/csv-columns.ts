import type { ChannelName } from '../source.ts';
import { badFile } from './bad-file.ts';
import { createCellReader } from './cell-value.ts';
import { traceColumns, type HeaderCell, type Role } from './columns.ts';

export interface ChannelColumn {
  readonly channel: ChannelName;
  readonly name: string;
  readonly at: number;
  readonly read: (cell: string) => number;
}

export interface FactColumn {
  readonly fact: 'memoryTotalMiB' | 'powerLimitWatts';
  readonly at: number;
  readonly read: (cell: string) => number;
}

/** Where in a row what stands; -1: nowhere. */
export interface CsvColumns {
  readonly count: number;
  readonly timeAt: number;
  /** t_s: seconds of the recording's own; else a stamp. */
  readonly isTrace: boolean;
  readonly identityAt: number;
  readonly modelAt: number;
  readonly channels: readonly ChannelColumn[];
  readonly facts: readonly FactColumn[];
}

/** @throws {SourceError} `bad_file` where the header lacks what is needed, or names a column twice. */
export function csvColumns(header: readonly HeaderCell[], file: string, line: number): CsvColumns {
  const place = { file, line };
  const names = header.map(({ name }) => name);
  const twice = header.find(({ name, role }, at) => role !== null && names.indexOf(name) !== at);
  if (twice !== undefined) {
    const hint = 'Leave one of them out, or name the columns in order by --columns.';
    throw badFile({ ...place, column: twice.name }, 'a column that stands there twice', hint);
  }
  const times = header.flatMap(({ role }, at) => (role?.kind === 'time' ? [{ role, at }] : []));
  const [time] = times;
  if (time === undefined) throw withoutTime(place);
  const channels = channelColumns(header);
  const isTrace = time.role.base === 'seconds';
  if (channels.length === 0) {
    const wanted = isTrace
      ? traceColumns.slice(1).join(', ')
      : 'utilization.gpu, memory.used, power.draw';
    const hint =
      'Name the columns in order by --columns if they have other names, - for those of no use.';
    throw badFile(place, `none of the columns ${wanted}`, hint);
  }
  return {
    count: header.length,
    timeAt: time.at,
    isTrace,
    identityAt: identityAt(header),
    modelAt: header.findIndex(({ role }) => role?.kind === 'model'),
    channels,
    facts: header.flatMap(({ role }, at) =>
      role?.kind === 'fact' ? [{ fact: role.fact, at, read: createCellReader(role) }] : [],
    ),
  };
}

function withoutTime(place: { readonly file: string; readonly line: number }): Error {
  return badFile(
    place,
    'the header has no column timestamp (or t_s), so nobody knows when the rows were written',
    'Log with nvidia-smi --query-gpu=timestamp,index,utilization.gpu,memory.used,power.draw --format=csv -l 1',
  );
}

/** One column for each channel, by preference. */
function channelColumns(header: readonly HeaderCell[]): ChannelColumn[] {
  const best = new Map<
    ChannelName,
    Extract<Role, { kind: 'channel' }> & { name: string; at: number }
  >();
  for (const [at, { name, role }] of header.entries()) {
    if (role?.kind !== 'channel') continue;
    const before = best.get(role.channel);
    if (before === undefined || role.rank < before.rank)
      best.set(role.channel, { ...role, name, at });
  }
  return [...best.values()].map((role) => {
    return { channel: role.channel, name: role.name, at: role.at, read: createCellReader(role) };
  });
}

function identityAt(header: readonly HeaderCell[]): number {
  const ranks = header.flatMap(({ role }, at) =>
    role?.kind === 'identity' ? [{ rank: role.rank, at }] : [],
  );
  return ranks.toSorted((a, b) => a.rank - b.rank)[0]?.at ?? -1;
}
