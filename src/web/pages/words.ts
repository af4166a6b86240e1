import type { GpuView, VerdictView } from './api.ts';

/** Everything that the page says in words, so that plots are never the only way to read it. */

const meaning: Readonly<Record<string, string>> = {
  idle: 'nothing runs and nothing is held',
  'alloc-idle': 'memory is held but nothing runs: wasted',
  cyclic: 'the same work again and again, as training does',
  steady: 'evenly busy',
  bursty: 'busy in bursts with idle gaps',
  transition: 'the level has just changed',
  others: 'busy, but without a pattern',
  insufficient: 'too little data yet',
  unknown: 'no trustworthy data',
};

export function seconds(value: number): string {
  return value < 10 ? `${value.toFixed(2)} s` : `${value.toFixed(1)} s`;
}

export function headline(verdict: VerdictView | null): string {
  if (verdict === null) return 'Watching…';
  const stall = verdict.stall ? ', stalled' : '';
  if (verdict.pattern !== 'cyclic') return `${capital(verdict.pattern)}${stall}`;
  const certainty = verdict.tentative ? 'Cyclic (tentative)' : 'Cyclic';
  if (verdict.periodSeconds !== null)
    return `${certainty}, every ${seconds(verdict.periodSeconds)}${stall}`;
  return `${certainty}${verdict.periodUnresolved ? ', period unresolved' : ''}${stall}`;
}

export function explanation(verdict: VerdictView | null): string {
  if (verdict === null) return 'A verdict needs about a minute of samples.';
  const since = new Date(verdict.sinceMs).toLocaleTimeString();
  const parts = [
    meaning[verdict.pattern] ?? verdict.pattern,
    `${Math.round(100 * verdict.confidence)} % sure`,
    `job type ${verdict.jobType}`,
    `since ${since}`,
  ];
  if (verdict.periodSeconds !== null && verdict.periodMarginSeconds !== null)
    parts.push(`period within ± ${seconds(verdict.periodMarginSeconds)}`);
  if (verdict.slowerPeriodSeconds !== null)
    parts.push(`a slower cycle of ${seconds(verdict.slowerPeriodSeconds)} on top`);
  if (verdict.stall) parts.push('full utilisation at low power: probably blocked in a collective');
  return `${capital(parts.join(', '))}.`;
}

export function amounts(gpu: GpuView): readonly (readonly [name: string, value: string])[] {
  const gib = (mib: number): string => (mib / 1024).toFixed(mib < 10_240 ? 2 : 1);
  return [
    ['Utilisation', unit(gpu.utilPercent, (value) => `${Math.round(value)} %`)],
    [
      'Memory',
      unit(gpu.memoryUsedMiB, (used) =>
        gpu.memoryTotalMiB === null
          ? `${gib(used)} GiB`
          : `${gib(used)} of ${gib(gpu.memoryTotalMiB)} GiB`,
      ),
    ],
    [
      'Power',
      unit(gpu.powerWatts, (watts) =>
        gpu.powerLimitWatts === null
          ? `${Math.round(watts)} W`
          : `${Math.round(watts)} of ${Math.round(gpu.powerLimitWatts)} W`,
      ),
    ],
    ['Temperature', unit(gpu.temperatureCelsius, (value) => `${Math.round(value)} °C`)],
    ['SM clock', unit(gpu.smClockMHz, (value) => `${Math.round(value)} MHz`)],
    ['Processes', unit(gpu.processCount, String)],
    // Most machines have no kubelet, and then there is nothing to say.
    ...(gpu.heldBy === null ? [] : [['Held by', gpu.heldBy.join(', ') || 'no pod'] as const]),
  ];
}

/** "not given" and never 0 for what the driver does not say. */
function unit(value: number | null, text: (value: number) => string): string {
  return value === null ? 'not given' : text(value);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
