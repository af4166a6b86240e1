import type { Judged } from './judge.ts';
import type { StateShare } from './whole.ts';

/** Several recordings together; null where none of them recorded it. */
export interface Totals {
  /** Covered by samples, of all GPUs added up. */
  readonly seconds: number;
  /** The longest first. */
  readonly states: readonly StateShare[];
  /** Over the time of those that recorded it. */
  readonly utilMeanPercent: number | null;
  readonly energyJoules: number | null;
  readonly heldIdleHours: number;
}

export function totalsOf(all: readonly Judged[]): Totals {
  const wholes = all.map(({ whole }) => whole);
  const seconds = sum(wholes.map(({ coveredSeconds }) => coveredSeconds));
  const busy = wholes.filter(({ utilMeanPercent }) => utilMeanPercent !== null);
  const busySeconds = sum(busy.map(({ coveredSeconds }) => coveredSeconds));
  const busySum = sum(busy.map((each) => (each.utilMeanPercent ?? 0) * each.coveredSeconds));
  const energy = wholes.flatMap(({ energyJoules }) => energyJoules ?? []);
  const groups = Map.groupBy(
    wholes.flatMap(({ states }) => states),
    ({ pattern, stall }) => `${pattern} ${stall}`,
  );
  const states = [...groups.values()].map((group): StateShare => {
    const own = sum(group.map((state) => state.seconds));
    return { ...group[0]!, seconds: own, share: seconds > 0 ? own / seconds : 0 };
  });
  return {
    seconds,
    states: states.toSorted((a, b) => b.seconds - a.seconds),
    utilMeanPercent: busySeconds > 0 ? busySum / busySeconds : null,
    energyJoules: energy.length === 0 ? null : sum(energy),
    heldIdleHours: sum(wholes.map(({ heldIdle }) => heldIdle?.gpuHours ?? 0)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
