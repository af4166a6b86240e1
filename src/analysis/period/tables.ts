import { Autocorrelation } from './autocorrelation.ts';
import { Comb } from './comb.ts';

/** What a search for periods needs for one length of series; what it holds besides constants is used within one call only. */
export interface Tables {
  readonly autocorrelation: Autocorrelation;
  readonly comb: Comb;
}

/** ours: a node has a handful of lengths (three windows, some GPUs sampled a little slower), at up to 30 kB each. */
const capacity = 16;
/** Least recently used first. */
const byLength = new Map<number, Tables>();

/** The tables for series of `length` samples, kept for the next series: making them costs more than searching a short one. */
export function tablesFor(length: number): Tables {
  let tables = byLength.get(length);
  if (tables === undefined) {
    const autocorrelation = new Autocorrelation(length);
    tables = { autocorrelation, comb: new Comb(length, autocorrelation.maxLag) };
    const [oldest] = byLength.keys();
    if (byLength.size >= capacity && oldest !== undefined) byLength.delete(oldest);
  } else {
    byLength.delete(length);
  }
  byLength.set(length, tables);
  return tables;
}
