import type { Dice } from '../../../test/support/synthetic-series.ts';
import type { Pattern } from '../../../src/analysis/verdict.ts';
import type { Configuration } from './configurations.ts';

/** A load of a known class: utilisation in percent before rounding, and the memory that it holds. */
export interface ClassLoad {
  readonly util: Float64Array;
  readonly memUsedMiB: number;
}

interface Family {
  /** The classes that are right for it. */
  readonly right: readonly Pattern[];
  readonly make: (configuration: Configuration, dice: Dice) => ClassLoad;
}

const between = ({ uniform }: Dice, low: number, high: number): number =>
  low + (high - low) * uniform();

function held(dice: Dice): number {
  return between(dice, 2_000, 70_000);
}

function series(samples: number, value: (i: number) => number): Float64Array {
  return Float64Array.from({ length: samples }, (_, i) => value(i));
}

function flat({ samples }: Configuration, dice: Dice): ClassLoad {
  const level = between(dice, 10, 98);
  const deviation = level * between(dice, 0.01, 0.12);
  return { util: series(samples, () => level + deviation * dice.normal()), memUsedMiB: held(dice) };
}

/** Log-normal about one level: many requests, each sample another number of them. */
function noisy({ samples }: Configuration, dice: Dice): ClassLoad {
  const level = between(dice, 12, 45);
  const spread = Math.sqrt(Math.log(1 + between(dice, 0.25, 0.55) ** 2));
  const value = (): number => level * Math.exp(spread * dice.normal() - (spread * spread) / 2);
  return { util: series(samples, value), memUsedMiB: held(dice) };
}

function rest({ samples }: Configuration, dice: Dice): Float64Array {
  return series(samples, () => (dice.uniform() < 0.01 ? between(dice, 0, 3) : 0));
}

/** Bursts of 6 to 40 s with pauses as long, both exponential; a fifth to nine tenths of the time at rest, three changes at least. */
function bursts(configuration: Configuration, dice: Dice): ClassLoad {
  const { samples, stepSeconds } = configuration;
  const level = between(dice, 30, 98);
  // Slow samples see bursts that are long for them.
  const scale = Math.max(1, stepSeconds / 2);
  for (;;) {
    const means = [between(dice, 6, 40) * scale, between(dice, 6, 40) * scale];
    let isOn = dice.uniform() < 0.5;
    let left = means[Number(isOn)]! * dice.exponential();
    let changes = 0;
    let resting = 0;
    const util = series(samples, () => {
      for (left -= stepSeconds; left < 0; changes++) {
        isOn = !isOn;
        left += means[Number(isOn)]! * dice.exponential();
      }
      if (!isOn) resting++;
      return isOn ? level * (1 + 0.08 * dice.normal()) : 0;
    });
    const share = resting / samples;
    if (changes >= 3 && share >= 0.2 && share <= 0.9) return { util, memUsedMiB: held(dice) };
  }
}

function step({ samples }: Configuration, dice: Dice): ClassLoad {
  const low = between(dice, 0, 30);
  const high = low + between(dice, 45, 65);
  const [first, second] = dice.uniform() < 0.5 ? [low, high] : [high, low];
  const at = samples * between(dice, 0.3, 0.7);
  const value = (i: number): number => (i < at ? first : second) + 3 * dice.normal();
  return { util: series(samples, value), memUsedMiB: held(dice) };
}

export const classFamilies: Readonly<Record<string, Family>> = {
  'flat load': { right: ['steady'], make: flat },
  'noise around a level': { right: ['steady'], make: noisy },
  'nothing runs': {
    right: ['idle'],
    make: (configuration, dice) => ({ util: rest(configuration, dice), memUsedMiB: 4 }),
  },
  'nothing runs, memory held': {
    right: ['alloc-idle'],
    make: (configuration, dice) => ({ util: rest(configuration, dice), memUsedMiB: held(dice) }),
  },
  'bursts and pauses': { right: ['bursty'], make: bursts },
  'one change of level': { right: ['transition'], make: step },
};
