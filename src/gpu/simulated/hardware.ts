import { uniformAt } from './noise.ts';
import type { Activity, Workload } from './workload.ts';

/** The imagined GPU: figures of the class of an 80 GB data-centre part. */
export const profile = {
  model: 'Simulated 80GB GPU',
  memoryTotalMiB: 81_920,
  memoryReservedMiB: 560,
  idlePowerWatts: 70,
  powerLimitWatts: 700,
  idleSmClockMhz: 345,
  maxSmClockMhz: 1_980,
  memoryClockMhz: 2_619,
  ambientCelsius: 28,
  celsiusPerWatt: 0.065,
  thermalSeconds: 25,
} as const;

/** A driver averages utilisation over its last internal period, power over a second. */
const utilisationWindowSeconds = 1 / 6;
const powerWindowSeconds = 1;
const energyStepSeconds = 0.25;

/** A GPU that carries a workload: every number follows from what the workload does, as on real hardware. */
export interface SimulatedGpu {
  /** Percent, whole numbers. */
  utilPercentAt(seconds: number): number;
  memCopyPercentAt(seconds: number): number;
  memoryUsedMiBAt(seconds: number): number;
  powerWattsAt(seconds: number): number;
  temperatureCelsiusAt(seconds: number): number;
  /** Since second 0. */
  energyJoulesAt(seconds: number): number;
  smClockMhzAt(seconds: number): number;
  activityAt(seconds: number): Activity;
}

export function createSimulatedGpu(workload: Workload, seed: number, gpu: number): SimulatedGpu {
  const idleWatts = profile.idlePowerWatts * (0.95 + 0.1 * uniformAt(seed, gpu, 11));
  const wattsOf = ({ intensity }: Activity): number =>
    idleWatts + intensity * (profile.powerLimitWatts - idleWatts);
  const mean = (seconds: number, window: number, of: (activity: Activity) => number): number => {
    const points = 12;
    let sum = 0;
    for (let point = 0; point < points; point += 1) {
      const at = Math.max(0, seconds - (window * (point + 0.5)) / points);
      sum += of(workload.activityAt(at));
    }
    return sum / points;
  };
  const noise = (seconds: number, key: number): number =>
    uniformAt(seed, gpu, Math.round(seconds * 1000), key) - 0.5;
  const percent = (share: number, seconds: number, key: number): number =>
    // Exactly nothing and exactly everything show no noise on real counters either.
    share <= 0.005 || share >= 0.999
      ? Math.round(share * 100)
      : clamp(Math.round(share * 100 + 3 * noise(seconds, key)), 0, 100);
  const powerWattsAt = (seconds: number): number =>
    Math.min(
      profile.powerLimitWatts,
      round(mean(seconds, powerWindowSeconds, wattsOf) * (1 + 0.01 * noise(seconds, 21)), 100),
    );
  const energy = { steps: 0, joules: 0 };
  return {
    activityAt: (seconds) => workload.activityAt(seconds),
    utilPercentAt: (seconds) =>
      percent(
        mean(seconds, utilisationWindowSeconds, (activity) => activity.busy),
        seconds,
        22,
      ),
    memCopyPercentAt: (seconds) =>
      percent(
        mean(seconds, utilisationWindowSeconds, (activity) => activity.memCopy),
        seconds,
        23,
      ),
    memoryUsedMiBAt: (seconds) =>
      Math.round(
        workload.activityAt(seconds).memory * (profile.memoryTotalMiB - profile.memoryReservedMiB),
      ),
    powerWattsAt,
    temperatureCelsiusAt: (seconds) => {
      // Heat of the past, forgotten exponentially (first-order thermal inertia); before the start the GPU was idle.
      let watts = 0;
      let weights = 0;
      for (let age = 0; age < 5 * profile.thermalSeconds; age += 1) {
        const weight = Math.exp(-age / profile.thermalSeconds);
        watts += weight * (age > seconds ? idleWatts : wattsOf(workload.activityAt(seconds - age)));
        weights += weight;
      }
      return Math.round(profile.ambientCelsius + (profile.celsiusPerWatt * watts) / weights);
    },
    energyJoulesAt: (seconds) => {
      // Summed on a fixed grid, so that it does not depend on when it was asked for before.
      const steps = Math.floor(seconds / energyStepSeconds);
      if (steps < energy.steps) Object.assign(energy, { steps: 0, joules: 0 });
      for (; energy.steps < steps; energy.steps += 1) {
        const middle = (energy.steps + 0.5) * energyStepSeconds;
        energy.joules += wattsOf(workload.activityAt(middle)) * energyStepSeconds;
      }
      return round(energy.joules, 1000);
    },
    smClockMhzAt: (seconds) => {
      const { busy, intensity } = workload.activityAt(seconds);
      if (busy === 0) return profile.idleSmClockMhz;
      // Near the power limit the clock gives way.
      return Math.round((profile.maxSmClockMhz - 400 * Math.max(0, intensity - 0.5)) / 15) * 15;
    },
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function round(value: number, perUnit: number): number {
  return Math.round(value * perUnit) / perUnit;
}
