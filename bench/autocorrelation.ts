/** The autocorrelation by FFT against one lag after another, in the same run: `node bench/autocorrelation.ts` prints a Markdown table. */
import { Autocorrelation } from '../src/analysis/period/autocorrelation.ts';
import { createDice } from '../test/support/synthetic-series.ts';

/** What the FFT replaces. */
function perLag(values: Float64Array, out: Float64Array): void {
  for (let lag = 0; lag < out.length; lag++) {
    let total = 0;
    for (let i = lag; i < values.length; i++) total += values[i]! * values[i - lag]!;
    out[lag] = total;
  }
}

/** Median of 40 rounds, ms, after a warm-up. */
function timeOf(work: () => void): number {
  for (let i = 0; i < 50; i++) work();
  const rounds = Array.from({ length: 40 }, () => {
    const started = performance.now();
    for (let i = 0; i < 5; i++) work();
    return (performance.now() - started) / 5;
  });
  return rounds.toSorted((a, b) => a - b)[20]!;
}

console.log('| samples | by FFT, µs per series | lag after lag, µs | ratio |');
console.log('|---|---|---|---|');
for (const samples of [120, 600, 1200]) {
  const { normal } = createDice(1);
  const values = Float64Array.from({ length: samples }, () => normal());
  const autocorrelation = new Autocorrelation(samples);
  const out = new Float64Array(autocorrelation.maxLag + 1);
  const second = new Float64Array(out.length);
  const fast = timeOf(() => autocorrelation.compute(values, values, out, second)) / 2;
  const slow = timeOf(() => perLag(values, out));
  console.log(
    `| ${samples} | ${(1000 * fast).toFixed(0)} | ${(1000 * slow).toFixed(0)} | ${(slow / fast).toFixed(1)} |`,
  );
}
