import type { NvmlDevice } from './device.ts';
import { enumerateOne } from './enumerate.ts';
import type { EnumerateOptions } from './enumerate.ts';

/** Of the GPUs that could not even be named at open, those that can be now. */
export async function findUnnamed(
  indexes: readonly number[],
  options: EnumerateOptions,
): Promise<readonly NvmlDevice[]> {
  const found: NvmlDevice[] = [];
  for (const index of indexes) {
    const gpu = await enumerateOne(index, options);
    if ('facts' in gpu) found.push(gpu);
  }
  return found;
}
