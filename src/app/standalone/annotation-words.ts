import type { GpuView } from './gpu-view.ts';

/** `GPU-0-job-type=DLT GPU-0-mem-util-max=63`: keys without their domain, the long JSON ones left out. */
export function annotationWords({ annotations }: Pick<GpuView, 'annotations'>): string {
  return Object.entries(annotations)
    .filter(([, value]) => !value.startsWith('{'))
    .map(([key, value]) => `${key.slice(key.indexOf('/') + 1)}=${value}`)
    .join(' ');
}
