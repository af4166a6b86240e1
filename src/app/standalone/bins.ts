/** A series as sampling keeps it: ascending times in seconds and values. */
export interface TimedValues {
  readonly timesSeconds: Float64Array;
  readonly values: Float64Array;
}

/**
 * Means over bins of `stepSeconds`: bin i holds the samples with times in [startSeconds + i steps, startSeconds + i + 1 steps).
 * null: no sample in the bin.
 */
export function meanBins(
  series: TimedValues | undefined,
  startSeconds: number,
  count: number,
  stepSeconds = 1,
): (number | null)[] {
  const sums = new Float64Array(count);
  const counts = new Uint32Array(count);
  const { timesSeconds, values } = series ?? {
    timesSeconds: new Float64Array(),
    values: new Float64Array(),
  };
  for (let i = 0; i < timesSeconds.length; i += 1) {
    const bin = Math.floor(((timesSeconds[i] ?? 0) - startSeconds) / stepSeconds);
    if (bin < 0 || bin >= count) continue;
    sums[bin] = (sums[bin] ?? 0) + (values[i] ?? 0);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return Array.from(sums, (sum, bin) => {
    const samples = counts[bin] ?? 0;
    // A tenth is finer than any driver reports, and short in JSON.
    return samples === 0 ? null : Math.round((10 * sum) / samples) / 10;
  });
}
