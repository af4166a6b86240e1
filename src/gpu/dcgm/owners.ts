import type { Series } from './exposition-text.ts';
import { dcgmFields } from './fields.ts';

export type Owner = Readonly<Record<string, string>>;

/** Labels of the device itself; the rest tells who uses it. */
const deviceLabels = new Set([
  'gpu',
  'UUID',
  'pci_bus_id',
  'device',
  'modelName',
  'Hostname',
  'GPU_I_ID',
  'GPU_I_PROFILE',
  'err_code',
  'err_msg',
]);
const instanceLabels = ['GPU_I_ID', 'GPU_I_PROFILE'] as const;
const mostOwners = 256;

/** Every distinct owner: a shared GPU has several. */
export function ownersOf(list: readonly Series[]): Owner[] {
  const owners = new Map<string, Owner>();
  for (const series of list) {
    // Families of links, events and health carry labels of their own, which are no owners.
    const owner = Object.hasOwn(dcgmFields, series.name) ? ownerOf(series) : null;
    if (owner && owners.size < mostOwners) owners.set(JSON.stringify(owner), owner);
  }
  return [...owners.values()];
}

/** Null: nobody is named. */
export function ownerOf({ labels }: Series): Owner | null {
  const owner = [...labels].filter(
    ([name, value]) => value !== '' && !deviceLabels.has(name) && !name.startsWith('DCGM_'),
  );
  if (owner.length === 0) return null;
  for (const name of instanceLabels) {
    const value = labels.get(name) ?? '';
    if (value !== '') owner.push([name, value]);
  }
  return Object.fromEntries(owner.sort(([a], [b]) => (a < b ? -1 : 1)));
}
