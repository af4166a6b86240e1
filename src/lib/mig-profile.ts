/** `3g.20gb`, `1g.10gb+me`, `1g.5gb.me`; `1c.3g.20gb` is one compute slice of a GPU instance of three. */
const profilePattern = /^(?:(\d{1,2})c\.)?(\d{1,2})g\./;

/** GPUs with four compute slices in all; the others that can be parted have seven (NVIDIA's MIG user guide, supported profiles). */
const fourSlices = /\bA30\b|\bRTX PRO \d/i;

/** Compute slices of a MIG profile; undefined where it is not in NVIDIA's form. */
export function profileSlices(profile: string): number | undefined {
  const [, compute, whole] = profilePattern.exec(profile) ?? [];
  const slices = Number(compute ?? whole);
  return slices > 0 ? slices : undefined;
}

/** Compute slices of a whole GPU by its model; never fewer than its instances have. */
export function gpuSlices(model: string, instanceSlices: readonly number[]): number {
  const known = fourSlices.test(model) ? 4 : 7;
  return Math.max(
    known,
    instanceSlices.reduce((sum, slices) => sum + slices, 0),
  );
}

/**
 * Utilisation of a whole GPU as the share of its compute slices that were busy; slices in no instance are idle.
 * Undefined unless every instance tells its own.
 */
export function wholeUtilisation(
  instances: readonly { readonly slices: number | undefined; readonly value: number | undefined }[],
  model: string,
): number | undefined {
  let busy = 0;
  const given: number[] = [];
  for (const { slices, value } of instances) {
    if (slices === undefined || value === undefined) return undefined;
    given.push(slices);
    busy += slices * value;
  }
  return given.length === 0 ? undefined : busy / gpuSlices(model, given);
}
