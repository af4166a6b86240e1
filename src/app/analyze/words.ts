import { patternTerms } from '../../analysis/pattern-terms.ts';
import type { ChannelEvidence } from '../../analysis/evidence.ts';
import { channelGate, classes, detector } from '../../analysis/thresholds.ts';
import type { Cycle, UsageChannel, Verdict } from '../../analysis/verdict.ts';
import type { HeldIdle } from './held-idle.ts';

export const channelNames: Readonly<Record<UsageChannel, string>> = {
  util: 'utilisation',
  memCopy: 'memory copy',
  memUsed: 'memory used',
  power: 'power',
};

export const channelUnits: Readonly<Record<UsageChannel, string>> = {
  util: '%',
  memCopy: '%',
  memUsed: 'MiB',
  power: 'W',
};

/** Three digits. */
export function amount(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  // Small is not zero.
  if (size > 0 && size < 0.1) return String(Number(value.toPrecision(2)));
  return value.toFixed(size >= 100 || value === 0 ? 0 : size >= 10 ? 1 : 2);
}

export function secondsText(seconds: number): string {
  // 0 is no time; a period may be a hundredth of a second.
  if (seconds > 0 && seconds < 0.1) return `${Number(seconds.toPrecision(2))} s`;
  if (seconds < 120) return `${Number(amount(seconds))} s`;
  if (seconds < 7200) return `${Number(amount(seconds / 60))} min`;
  return `${Number(amount(seconds / 3600))} h`;
}

/** What people call a pattern. */
export function stateName({ pattern, stall }: Pick<Verdict, 'pattern' | 'stall'>): string {
  return stall ? 'stalled' : patternTerms[pattern];
}

/** The colour that a state has in the report, as part of the name of a class. */
export function toneOf({ pattern, stall }: Pick<Verdict, 'pattern' | 'stall'>): string {
  return stall ? 'stalled' : pattern;
}

/** `cyclic, 13.2 s`, `cyclic, ~20 s?` where a faster cycle could look the same, `held idle`. */
export function patternWords(verdict: Verdict): string {
  const { cycle, tentative } = verdict;
  const name = stateName(verdict);
  if (cycle === null) return name;
  return `${name}, ${shortPeriod(cycle)}${tentative ? ' (tentative)' : ''}`;
}

/** `13.2 s`, or `~20 s?`. */
export function shortPeriod({
  periodSeconds,
  publishable,
}: Pick<Cycle, 'periodSeconds' | 'publishable'>): string {
  return publishable ? secondsText(periodSeconds) : `~${secondsText(periodSeconds)}?`;
}

/** `13.2 s ± 0.4 s`, or `about 20 s (apparent: a faster cycle could look the same)`. */
export function periodWords(
  periodSeconds: number,
  { isApparent, marginSeconds }: { readonly isApparent: boolean; readonly marginSeconds: number },
): string {
  const text = secondsText(periodSeconds);
  if (isApparent) return `about ${text} (apparent: a faster cycle could look the same)`;
  return `${text}${marginText(marginSeconds)}`;
}

/** ` ± 0.4 s`, two digits; nothing where it is not known, and never 0: a period is not known that well. */
export function marginText(marginSeconds: number): string {
  if (!(marginSeconds >= 0) || !Number.isFinite(marginSeconds)) return '';
  if (marginSeconds < 0.0005) return ' ± < 0.001 s';
  if (marginSeconds >= 120) return ` ± ${secondsText(marginSeconds)}`;
  return ` ± ${Number(marginSeconds.toPrecision(2))} s`;
}

/** ` ± 0.4 s` of a verdict; nothing where its period may not be shown or its margin is not known. */
export function marginWords({ cycle }: Verdict): string {
  return cycle?.publishable === true ? marginText(cycle.periodMarginSeconds) : '';
}

/** `0.35 kWh`, `12 Wh`. */
export function energyWords(joules: number): string {
  const wattHours = joules / 3_600;
  return wattHours >= 1_000 ? `${amount(wattHours / 1_000)} kWh` : `${amount(wattHours)} Wh`;
}

/** `82 %`; what is there at all is never 0 %, what is not all never 100 %. */
export function shareWords(share: number): string {
  if (share > 0 && share < 0.005) return '< 1 %';
  if (share < 1 && share > 0.995) return '> 99 %';
  return `${Math.round(100 * share)} %`;
}

/** The period of a slower cycle on top, where there is one that may be shown. */
export function slowerWords({ cycle }: Verdict): string | null {
  if (cycle?.publishable !== true || cycle.slowerPeriodSeconds === null) return null;
  return secondsText(cycle.slowerPeriodSeconds);
}

/** `1.50 GPU hours, 12.0 GiB`. */
export function heldIdleWords(held: HeldIdle | null): string | null {
  if (held === null) return null;
  const memory = held.memUsedMaxMiB === null ? '' : `, ${amount(held.memUsedMaxMiB / 1024)} GiB`;
  return `${amount(held.gpuHours)} GPU hours${memory}`;
}

/** What the pattern means, in a sentence with the limits that made it. */
export function patternReason(verdict: Verdict): string {
  const { pattern, tentative, stall } = verdict;
  if (stall) return stallWords;
  switch (pattern) {
    case 'idle':
      return `97 % of the time ${restWords(verdict)}, and less than ${classes.idleMemoryMiB} MiB of memory is held.`;
    case 'alloc-idle':
      return `97 % of the time ${restWords(verdict)}, but memory is held: a job keeps the GPU without using it.`;
    case 'cyclic':
      return tentative
        ? `It repeats, but was seen fewer than ${detector.firmCycles} times.`
        : 'It repeats more clearly than series without a period do by chance. Training does; batch inference looks the same.';
    case 'steady':
      return `Nothing repeats clearly, and 80 % of the samples lie within ${100 * classes.steadySpreadShare} % of their level (or ${classes.steadySpread} points) of each other, or they fluctuate around one level without pauses.`;
    case 'bursty':
      return `Nothing repeats clearly; at least ${100 * classes.burstyShare} % of the time it is near zero, and at others well above, or it consists of its peaks.`;
    case 'transition':
      return `One change of level explains more than ${100 * classes.transitionExplained} % of all variation: something began or ended.`;
    case 'others':
      return 'It works unevenly: nothing repeats clearly, it is neither steady nor in bursts.';
    case 'insufficient':
      return 'Too few samples, or too many holes between them, to say anything.';
    default:
      return 'Without utilisation and power it cannot be told whether the GPU works.';
  }
}

/** Without utilisation it was power that told. */
function restWords({ utilMeanPercent }: Verdict): string {
  if (utilMeanPercent !== null) return `utilisation is at most ${classes.idleP97} %`;
  return 'power stays near what the board draws at rest (utilisation is not known)';
}

export const stallWords = 'Busy without drawing power, probably a hung collective.';

/** Why a period may not be shown as a number; null where it may. */
export function aliasWords({ cycle }: Verdict): string | null {
  if (cycle === null || cycle.publishable) return null;
  return `In these samples it repeats every ${secondsText(cycle.periodSeconds)}, but a load that cycles faster than they come could look just the same. That it repeats is hardly chance; the period may be another. Sample at random intervals, as the collector does, and for longer.`;
}

/** What became of the search in one channel of one window. */
export function outcomeWords(evidence: ChannelEvidence): string {
  const { outcome, pValue } = evidence;
  const period = secondsText(evidence.periodSeconds ?? Number.NaN);
  const bestContrast = evidence.bestContrast ?? Number.NaN;
  switch (outcome) {
    case 'still':
      return `moves too little to carry a cycle (${gateWords(evidence.channel)} needed)`;
    case 'untested':
      return `has a comb in its correlation too (contrast ${amount(bestContrast)}); another channel, clearer than it, had decided already`;
    case 'no-comb':
      if (bestContrast >= detector.minContrast) {
        return `its correlation at the multiples of no period reaches ${detector.minInPhase}`;
      }
      return `its correlation does not rise and fall evenly: contrast ${amount(bestContrast)} at best, ${detector.minContrast} needed`;
    case 'chance':
      return `series without a period reach as much: p = ${probability(pValue)}, less than ${probability(evidence.neededP)} needed`;
    case 'fast':
      return `repeats every ${period}, faster than its samples: they come at random times, and their periodogram has a line there (p < ${probability(pValue)})`;
    case 'ended':
      return `repeated every ${period}, but no longer at the end of the window`;
    default:
      return `repeats every ${period}: contrast ${amount(bestContrast)}, p = ${probability(pValue)}`;
  }
}

export function probability(p: number | null): string {
  if (p === null || Number.isNaN(p)) return '-';
  if (p < 1e-12) return '< 1e-12';
  return p < 0.001 ? p.toExponential(0) : p.toFixed(3);
}

function gateWords(channel: UsageChannel): string {
  if (channel === 'memUsed') return `${channelGate.memoryMiB} MiB and 2 % of its maximum`;
  if (channel === 'power') return `${channelGate.powerWatts} W and 8 % of its maximum`;
  return `${channelGate.percentPoints} points`;
}
