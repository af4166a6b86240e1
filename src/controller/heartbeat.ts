import { timeText } from './annotations/profile-entry.ts';

/** On our Lease: when usage was last read. One small write for the whole fleet says how fresh all nodes' annotations are, and tells the next leader. */
export const heartbeatKey = 'ai.centaurus.io/gpu-profiler-last-read';

export function heartbeat(lastReadMs: number | null): Record<string, string> {
  return lastReadMs === null ? {} : { [heartbeatKey]: timeText(lastReadMs) };
}

/**
 * Until when data count as trusted for GPUs that this process has not seen itself. What the earlier leader left bounds it, but a few
 * cycles are always waited for, so that nothing becomes Unknown merely because we have just started.
 */
export function baselineMs(
  inherited: Readonly<Record<string, string>>,
  nowMs: number,
  ttlMs: number,
  intervalMs: number,
): number {
  const left = Date.parse(inherited[heartbeatKey] ?? '');
  if (!Number.isFinite(left) || left > nowMs) return nowMs;
  return Math.max(left, Math.min(nowMs, nowMs - ttlMs + 3 * intervalMs));
}
