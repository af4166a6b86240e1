import { classes, type ClassThresholds } from '../../../src/analysis/thresholds.ts';

/** The values that are tried of each threshold that a label can speak about; the first is the one argued for, and taken where the recordings cannot tell. */
const tried = {
  /** A tenth to a quarter of the time at rest: from "now and then" to "often". */
  burstyShare: [0.15, 0.1, 0.25],
  /** What counts as rest beside the load's own height. */
  gapShareOfP95: [0.1, 0.05, 0.15],
  /** Flat: P90 - P10 in levels. */
  steadySpreadShare: [0.5, 0.35],
  /** One level: how far parts of a window may lie apart, in levels. */
  levelShare: [0.15, 0.25],
} as const satisfies Partial<Record<keyof ClassThresholds, readonly number[]>>;

type Tried = keyof typeof tried;

/** All combinations; the first one is argued for. What is not tried is as shipped. */
export const classGrid: readonly ClassThresholds[] = (Object.keys(tried) as Tried[]).reduce<
  readonly ClassThresholds[]
>(
  (grid, name) =>
    grid.flatMap((limits) => tried[name].map((value) => ({ ...limits, [name]: value }))),
  [classes],
);

/** Where in the grid the shipped thresholds stand; -1: nowhere. */
export const shippedIndex = classGrid.findIndex((limits) =>
  (Object.keys(tried) as Tried[]).every((name) => limits[name] === classes[name]),
);
