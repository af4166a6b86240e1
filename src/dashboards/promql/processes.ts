import { select } from './selector.ts';

/** What tells processes apart; `node` where the scrape adds it. */
export const process = 'cluster, job, instance';

/** `metric` of the scrape itself (up, scrape_duration_seconds…) for our processes: by the name of the job, and whatever has served our families within a day. */
export function ofOurs(metric: string, matchers: readonly string[] = []): string {
  const named = select(metric, matchers, 'job=~".*gpu-profiler.*"');
  const known = select(metric, matchers);
  return `(${named} or ${known} and on (job, instance) last_over_time(gpu_profiler_build_info[1d]))`;
}

/** `metric` of the controller that leads; nothing while none does. */
export function ofLeader(metric: string, matchers: readonly string[] = []): string {
  return `(${select(metric, matchers)} and on (job, instance) ${select('gpu_profiler_controller_leader', matchers)} == 1)`;
}
