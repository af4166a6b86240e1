import { isStandInUuid } from '../source.ts';
import type { NvmlDevice } from './device.ts';
import { enumerateOne } from './enumerate.ts';
import type { EnumerateOptions } from './enumerate.ts';

/** Looks again for the GPUs that could not even be named: each as it is now, named or not. */
export async function lookForUnnamed(
  devices: readonly NvmlDevice[],
  options: EnumerateOptions,
): Promise<readonly NvmlDevice[]> {
  const found: NvmlDevice[] = [];
  const previous = devices.map(({ facts }) => facts);
  for (const unnamed of devices.filter(isUnnamed)) {
    // A look-up that has not returned is not begun again.
    if (unnamed.hung) continue;
    if (options.calls.isStuck) break;
    const { device } = await enumerateOne(unnamed.facts.index, { ...options, previous });
    found.push(device);
  }
  return found;
}

/** Whether the driver has not told who this is. */
export function isUnnamed({ facts }: NvmlDevice): boolean {
  return isStandInUuid(facts.uuid);
}
