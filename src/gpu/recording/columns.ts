import type { ChannelName } from '../source.ts';
import type { CellForm } from './cell-value.ts';

/** What a column is for. `rank`: of several columns for one thing the lowest counts. */
export type Role =
  | { readonly kind: 'time'; readonly base: 'seconds' | 'stamp' }
  | { readonly kind: 'identity'; readonly rank: number }
  | { readonly kind: 'model' }
  | ({ readonly kind: 'channel'; readonly channel: ChannelName; readonly rank: number } & CellForm)
  | ({ readonly kind: 'fact'; readonly fact: 'memoryTotalMiB' | 'powerLimitWatts' } & CellForm);

const perMiB = 1 / 2 ** 20;
const percent = { quantity: 'percent', unit: '', scale: 1 } as const;
const memory = { quantity: 'memory', unit: '', scale: perMiB } as const;
const power = { quantity: 'power', unit: '', scale: 1 } as const;
const identity = (rank: number): Role => ({ kind: 'identity', rank });
const channel = (name: ChannelName, form: CellForm, rank = 0): Role => ({
  kind: 'channel',
  channel: name,
  rank,
  ...form,
});

/** By the names of nvidia-smi --query-gpu and of our traces, in lower case. */
const roles: ReadonlyMap<string, Role> = new Map<string, Role>([
  ['t_s', { kind: 'time', base: 'seconds' }],
  ['util_gpu', channel('util', percent)],
  ['util_mem', channel('memCopy', percent)],
  ['mem_used_mib', channel('memUsed', memory)],
  ['power_w', channel('power', power)],
  ['timestamp', { kind: 'time', base: 'stamp' }],
  ['uuid', identity(0)],
  ['gpu_uuid', identity(0)],
  ['index', identity(1)],
  ['pci.bus_id', identity(2)],
  ['gpu_bus_id', identity(2)],
  ['name', { kind: 'model' }],
  ['gpu_name', { kind: 'model' }],
  ['utilization.gpu', channel('util', percent)],
  ['utilization.memory', channel('memCopy', percent)],
  ['memory.used', channel('memUsed', memory)],
  // The three side by side are one power, differently averaged; draw is what every release has.
  ['power.draw', channel('power', power, 0)],
  ['power.draw.average', channel('power', power, 1)],
  ['power.draw.instant', channel('power', power, 2)],
  ['memory.total', { kind: 'fact', fact: 'memoryTotalMiB', ...memory }],
  ['power.limit', { kind: 'fact', fact: 'powerLimitWatts', ...power }],
]);

export const traceColumns: readonly string[] = [
  't_s',
  'util_gpu',
  'util_mem',
  'mem_used_mib',
  'power_w',
];

export interface HeaderCell {
  /** As written. */
  readonly name: string;
  readonly role: Role | null;
}

/** `utilization.gpu [%]` → name and role. */
export function headerCell(text: string): HeaderCell {
  const bracket = text.endsWith(']') ? text.indexOf('[') : -1;
  const name = (bracket < 0 ? text : text.slice(0, bracket)).trim();
  const role = roles.get(name.toLowerCase()) ?? null;
  if (role === null || !('quantity' in role)) return { name, role };
  return { name, role: { ...role, unit: bracket < 0 ? '' : text.slice(bracket + 1, -1).trim() } };
}

/** Whether the names are those of a recording: a channel, and no more than that where it is a log (its time is asked for by name when it lacks). */
export function isHeader(cells: readonly HeaderCell[]): boolean {
  const kinds = cells.map(({ role }) => role);
  if (kinds.some((role) => role?.kind === 'time' && role.base === 'seconds')) return true;
  return kinds.some((role) => role?.kind === 'channel');
}
