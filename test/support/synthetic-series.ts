import { createNormal, createRandom } from '../../src/lib/random.ts';

/** Uniform and normal numbers from one seed. */
export interface Dice {
  readonly uniform: () => number;
  readonly normal: () => number;
  /** Exponential with mean 1. */
  readonly exponential: () => number;
}

export function createDice(seed: number): Dice {
  const uniform = createRandom(seed);
  return {
    uniform,
    normal: createNormal(uniform),
    exponential: () => -Math.log(1 - uniform()),
  };
}

/** Utilisation is bounded and, in the drivers, whole percent. */
function percent(value: number): number {
  return Math.round(Math.min(100, Math.max(0, value)));
}

type Family = (n: number, dice: Dice) => Float64Array;

function autoregressive(phi: number, deviation: number): Family {
  return (n, { normal }) => {
    let state = normal();
    return Float64Array.from({ length: n }, () => {
      const value = percent(50 + deviation * state);
      state = phi * state + Math.sqrt(1 - phi * phi) * normal();
      return value;
    });
  };
}

/** Bursts whose lengths and gaps are drawn by `draw` (mean 1) around the given means, in samples. */
function onOff(
  means: (n: number) => { on: number; off: number },
  draw: (dice: Dice) => number,
): Family {
  return (n, dice) => {
    const { on, off } = means(n);
    const values = new Float64Array(n);
    let isOn = dice.uniform() < on / (on + off);
    let left = draw(dice) * (isOn ? on : off);
    for (let i = 0; i < n; i++) {
      while (left < 0.5) {
        isOn = !isOn;
        left += Math.max(1, draw(dice) * (isOn ? on : off));
      }
      values[i] = percent(isOn ? 85 + 5 * dice.normal() : Math.abs(dice.normal()));
      left--;
    }
    return values;
  };
}

/** Series without a period: whatever is called cyclic here is a false positive. */
export const nullFamilies: Readonly<Record<string, Family>> = {
  'white noise': (n, { normal }) =>
    Float64Array.from({ length: n }, () => percent(50 + 10 * normal())),
  'constant, quantisation flicker': (n, { normal }) =>
    Float64Array.from({ length: n }, () => percent(97.5 + 0.4 * normal())),
  'busy constant, sd 2': (n, { normal }) =>
    Float64Array.from({ length: n }, () => percent(90 + 2 * normal())),
  'AR(1) 0.7': autoregressive(0.7, 12),
  'AR(1) 0.95': autoregressive(0.95, 15),
  'random walk': (n, { normal }) => {
    let level = 50;
    return Float64Array.from({ length: n }, () => {
      level += (60 / Math.sqrt(n)) * normal();
      if (level > 100) level = 200 - level;
      if (level < 0) level = -level;
      return percent(level);
    });
  },
  'linear ramp': (n, { normal }) =>
    Float64Array.from({ length: n }, (_, i) => percent(10 + (80 * i) / n + normal())),
  'single step': (n, { normal, uniform }) => {
    const at = n * (0.2 + 0.6 * uniform());
    return Float64Array.from({ length: n }, (_, i) => percent((i < at ? 20 : 80) + 2 * normal()));
  },
  'random piecewise levels': (n, { normal, uniform, exponential }) => {
    let level = 100 * uniform();
    let left = (exponential() * n) / 10;
    return Float64Array.from({ length: n }, () => {
      if (left-- < 0) {
        level = 100 * uniform();
        left = (exponential() * n) / 10;
      }
      return percent(level + 2 * normal());
    });
  },
  'single burst': (n, { normal, uniform }) => {
    const length = n * (0.1 + 0.3 * uniform());
    const start = (n - length) * uniform();
    return Float64Array.from({ length: n }, (_, i) =>
      percent(i >= start && i < start + length ? 85 + 3 * normal() : Math.abs(normal())),
    );
  },
  'random on/off, ~15 bursts': onOff(
    (n) => ({ on: n / 30, off: n / 30 }),
    (dice) => dice.exponential(),
  ),
  'random on/off, rare and short': onOff(
    (n) => ({ on: Math.max(2, n / 80), off: n / 8 }),
    (dice) => dice.exponential(),
  ),
  'Poisson spikes on idle': (n, { normal, uniform }) =>
    Float64Array.from({ length: n }, () =>
      uniform() < 0.04 ? percent(10 + 60 * uniform()) : percent(Math.abs(0.5 * normal())),
    ),
};

/** Almost periodic by construction: any method reports some; kept out of the target. */
export const greyFamilies: Readonly<Record<string, Family>> = {
  'on/off with CV 0.5': onOff(
    (n) => ({ on: n / 30, off: n / 30 }),
    // Gamma of shape 4: coefficient of variation 0.5.
    (dice) =>
      (dice.exponential() + dice.exponential() + dice.exponential() + dice.exponential()) / 4,
  ),
  'ringing AR(2), Q = 3': (n, { normal }) => {
    const radius = Math.exp(-Math.PI / 12 / 3);
    const phi1 = 2 * radius * Math.cos((2 * Math.PI) / 12);
    let before = 0;
    let last = 0;
    const values = new Float64Array(n);
    for (let i = -100; i < n; i++) {
      const next = phi1 * last - radius * radius * before + normal();
      before = last;
      last = next;
      if (i >= 0) values[i] = percent(50 + 6 * next);
    }
    return values;
  },
};

/** Utilisation at a phase (0-1) of one cycle. */
export const shapes: Readonly<Record<string, (phase: number, dice: Dice) => number>> = {
  'square 70 %': (phase, { normal }) => (phase < 0.7 ? 90 : 5) + 3 * normal(),
  '8 % dips': (phase, { normal }) => (phase < 0.92 ? 95 : 10) + 2 * normal(),
  '15 % pulses': (phase, { normal }) => (phase < 0.15 ? 80 : 3) + 3 * normal(),
  'noisy sine': (phase, { normal }) => 50 + 20 * Math.sin(2 * Math.PI * phase) + 10 * normal(),
  sawtooth: (phase, { normal }) => 20 + 60 * phase + 5 * normal(),
  '6-point ripple on 85 %': (phase, { normal }) => 85 + (phase < 0.5 ? 3 : -3) + 2 * normal(),
};

export interface Condition {
  /** Standard deviation of each cycle's length, share of the period. */
  readonly jitter?: number;
  /** Share of samples missing at random. */
  readonly missing?: number;
  /** Share of the window missing in one piece. */
  readonly gap?: number;
  /** Half width of the uniform spread of each interval, share of the interval; a twentieth of the samples comes late then. */
  readonly irregular?: number;
}

export const conditions: Readonly<Record<string, Condition>> = {
  clean: {},
  'jitter 5 %': { jitter: 0.05 },
  'jitter 10 %': { jitter: 0.1 },
  'jitter 20 %': { jitter: 0.2 },
  '30 % missing': { missing: 0.3 },
  '15 % gap': { gap: 0.15 },
  'irregular 30 %': { irregular: 0.3 },
  'jitter 5 % + missing 10 % + irregular': { jitter: 0.05, missing: 0.1, irregular: 0.3 },
};

export interface PeriodicOptions extends Condition {
  readonly shape: keyof typeof shapes;
  readonly samples: number;
  readonly stepSeconds: number;
  readonly periodSeconds: number;
}

export interface TimedSeries {
  readonly timesSeconds: Float64Array;
  readonly values: Float64Array;
}

/** A cyclic utilisation, sampled as the options say. */
export function periodicSeries(options: PeriodicOptions, dice: Dice): TimedSeries {
  const { samples, stepSeconds, periodSeconds, jitter = 0, missing = 0, gap = 0 } = options;
  const shape = shapes[options.shape]!;
  const irregular = options.irregular ?? 0;
  const gapStart = samples * (1 - gap) * dice.uniform();
  const times: number[] = [];
  const values: number[] = [];
  let cycleStart = -periodSeconds * dice.uniform();
  let cycleLength = periodSeconds;
  let time = 0;
  for (let i = 0; i < samples; i++) {
    while (time >= cycleStart + cycleLength) {
      cycleStart += cycleLength;
      cycleLength = periodSeconds * Math.max(0.2, 1 + jitter * dice.normal());
    }
    const value = percent(shape((time - cycleStart) / cycleLength, dice));
    const isMissing = dice.uniform() < missing || (i >= gapStart && i < gapStart + samples * gap);
    if (!isMissing) {
      times.push(time);
      values.push(value);
    }
    const late = irregular > 0 && dice.uniform() < 0.05 ? 1 : 0;
    time += stepSeconds * (1 + irregular * (2 * dice.uniform() - 1) + late);
  }
  return { timesSeconds: Float64Array.from(times), values: Float64Array.from(values) };
}

/** Values at an even step from time 0. */
export function evenly(values: Float64Array, stepSeconds: number): TimedSeries {
  return { timesSeconds: values.map((_, i) => i * stepSeconds), values };
}
