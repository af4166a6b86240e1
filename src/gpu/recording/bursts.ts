import { gapsOf } from './gaps.ts';

/** More GPUs than any machine has. */
const mostGpus = 32;
/** Between the rows of one query nvidia-smi takes this long per GPU at most, seconds. */
const longestWithin = 0.15;
/** From query to query it takes so many times as long at least, or they cannot be told apart. */
const leastRatio = 8;
/** Below this it is the resolution of the stamps. */
const shortestSeconds = 2e-4;
const fewestBursts = 3;

/**
 * none: the rows come one by one. gpus: each query brought so many rows, so many GPUs are in the log. mixed: gaps of two kinds, but not always as many rows at once,
 * or stamps too coarse to tell many GPUs from one that is asked often; rows of one moment are no further apart than the border.
 */
export type Bursts =
  | { readonly kind: 'none' }
  | { readonly kind: 'gpus'; readonly count: number }
  | { readonly kind: 'mixed'; readonly borderSeconds: number };

const none: Bursts = { kind: 'none' };

/**
 * Whether rows without the name of a GPU are of several: nvidia-smi writes a row for each, a few milliseconds apart, and then waits. Stamps as they stand in the log.
 */
export function burstsIn(timesSeconds: Float64Array): Bursts {
  if (timesSeconds.length < 2) return none;
  const gaps = gapsOf(timesSeconds);
  const border = borderOf(gaps);
  if (border === null) return gaps.includes(0) ? { kind: 'mixed', borderSeconds: 0 } : none;
  const sizes = sizesOf(gaps, border);
  const count = sizes[0]!;
  // The last one may have been cut off.
  const isEven = sizes.every(
    (size, i) => size === count || (i === sizes.length - 1 && size < count),
  );
  const isFine = timesSeconds.some((time) => time % 1 !== 0);
  if (!isEven || !isFine || count > mostGpus || sizes.length < fewestBursts) {
    return { kind: 'mixed', borderSeconds: border };
  }
  return { kind: 'gpus', count };
}

/** A gap between those within a query and those from one to the next; null where there is one kind. */
function borderOf(gaps: Float64Array): number | null {
  const ascending = gaps.slice().sort();
  let best = 1;
  let border: number | null = null;
  // A few pauses are no second kind, nor are a few stutters.
  const [from, to] = [Math.floor(0.2 * gaps.length), Math.ceil(0.97 * gaps.length)];
  for (let i = from; i < Math.min(to, gaps.length - 1); i++) {
    const [short, long] = [Math.max(shortestSeconds, ascending[i]!), ascending[i + 1]!];
    if (short > longestWithin) break;
    if (long / short <= best) continue;
    best = long / short;
    border = Math.sqrt(short * long);
  }
  return best >= leastRatio ? border : null;
}

function sizesOf(gaps: Float64Array, border: number): number[] {
  const sizes = [1];
  for (const gap of gaps) {
    if (gap > border) sizes.push(1);
    else sizes[sizes.length - 1]! += 1;
  }
  return sizes;
}
