/** From each moment to the next; one fewer than there are moments. */
export function gapsOf(timesSeconds: Float64Array): Float64Array {
  const gaps = new Float64Array(Math.max(0, timesSeconds.length - 1));
  for (let i = 0; i < gaps.length; i++) gaps[i] = timesSeconds[i + 1]! - timesSeconds[i]!;
  return gaps;
}
