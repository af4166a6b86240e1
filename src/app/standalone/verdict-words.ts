import type { GpuView } from './gpu-view.ts';

/** The verdict in a few words: `cyclic 13.2 s, 94 %`, `idle, 99 %`, `watching`. */
export function verdictWords(gpu: GpuView): string {
  if (!gpu.up) return gpu.reason;
  const { verdict } = gpu;
  if (verdict === null) return 'watching';
  const sure = `${Math.round(100 * verdict.confidence)} %`;
  const stall = verdict.stall ? ', stalled' : '';
  if (verdict.pattern !== 'cyclic') return `${verdict.pattern}${stall}, ${sure}`;
  const tentative = verdict.tentative ? ' (tentative)' : '';
  let period = '';
  if (verdict.periodSeconds !== null) period = ` ${periodText(verdict.periodSeconds)}`;
  else if (verdict.periodUnresolved) period = ' (period unresolved)';
  return `cyclic${period}${tentative}${stall}, ${sure}`;
}

function periodText(seconds: number): string {
  return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}

/** `GPU-0-job-type=DLT GPU-0-mem-util-max=63`: keys without their domain, the long JSON ones left out. */
export function annotationWords(gpu: GpuView): string {
  return Object.entries(gpu.annotations)
    .filter(([, value]) => !value.startsWith('{'))
    .map(([key, value]) => `${key.slice(key.indexOf('/') + 1)}=${value}`)
    .join(' ');
}
