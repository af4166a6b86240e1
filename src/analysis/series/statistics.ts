/** Descriptive statistics of plain samples. None of these changes its argument unless its name says `InPlace`. */

export function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

/** NaN for an empty series. */
export function mean(values: Float64Array): number {
  return sum(values) / values.length;
}

/** Population standard deviation, two passes. */
export function deviation(values: Float64Array): number {
  const centre = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - centre) ** 2;
  return Math.sqrt(squares / values.length);
}

/** Third standardised moment, of the population; 0 for a series that does not vary. */
export function skewness(values: Float64Array): number {
  const centre = mean(values);
  let squares = 0;
  let cubes = 0;
  for (let i = 0; i < values.length; i++) {
    const off = values[i]! - centre;
    squares += off * off;
    cubes += off * off * off;
  }
  const variance = squares / values.length;
  return variance > 0 ? cubes / values.length / (variance * Math.sqrt(variance)) : 0;
}

/** -Infinity for an empty series. */
export function maximum(values: Float64Array): number {
  let largest = -Infinity;
  for (let i = 0; i < values.length; i++) if (values[i]! > largest) largest = values[i]!;
  return largest;
}

/** Infinity for an empty series. */
export function minimum(values: Float64Array): number {
  let smallest = Infinity;
  for (let i = 0; i < values.length; i++) if (values[i]! < smallest) smallest = values[i]!;
  return smallest;
}

/** Share (0-1) of the values below a limit. */
export function shareBelow(values: Float64Array, limit: number): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i]! < limit) count++;
  return count / values.length;
}

const wholePercents = new Uint32Array(101);

/** Numerically ascending copy. Whole percents, which is what drivers report as utilisation, are counted instead of compared: a tenth of the time. */
export function sorted(values: Float64Array): Float64Array {
  const counts = wholePercents.fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const percent = value | 0;
    if (percent !== value || percent < 0 || percent > 100) return new Float64Array(values).sort();
    counts[percent]!++;
  }
  const ascending = new Float64Array(values.length);
  for (let percent = 0, at = 0; at < ascending.length; percent++) {
    for (let left = counts[percent]!; left > 0; left--) ascending[at++] = percent;
  }
  return ascending;
}

/** Percentile (0-100) of ascending values, linear between neighbours (Hyndman and Fan's type 7). */
export function percentile(ascending: Float64Array, percent: number): number {
  const position = ((ascending.length - 1) * percent) / 100;
  const below = Math.floor(position);
  const low = ascending[below]!;
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!;
  return low + (high - low) * (position - below);
}

/** From the tenth percentile to the ninetieth. */
export function spread(values: Float64Array): number {
  const ascending = sorted(values);
  return percentile(ascending, 90) - percentile(ascending, 10);
}

/** Lower median by selection (Hoare's FIND), O(n); reorders its argument. NaN for an empty series. */
export function medianInPlace(values: Float64Array): number {
  if (values.length === 0) return Number.NaN;
  const target = (values.length - 1) >> 1;
  let left = 0;
  let right = values.length - 1;
  while (left < right) {
    const pivot = values[(left + right) >> 1]!;
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i <= j) {
        const swapped = values[i]!;
        values[i++] = values[j]!;
        values[j--] = swapped;
      }
    }
    if (j < target) left = i;
    if (target < i) right = j;
  }
  return values[target]!;
}
