import type { Clock } from '../lib/clock.ts';
import { isApiError } from './api-error.ts';
import type { LeaseRecord } from './lease-record.ts';
import { createLeaseStore } from './lease-store.ts';
import type { Transport } from './transport.ts';

/** How long a fence keeps a controller from leading: as long as a controller grants any foreign holder (lease-claim.ts). */
export const fenceMs = 600_000;

const prefix = 'gpu-profiler-cleanup_';
const maxTries = 20;

export interface LeaseFenceOptions {
  readonly transport: Pick<Transport, 'json'>;
  readonly clock: Clock;
  readonly namespace: string;
  readonly name: string;
  /** Distinguishes this process. */
  readonly instance: string;
  readonly signal: AbortSignal;
}

/** True for a Lease that `fenceLease` took. */
export function isFence({ holder }: LeaseRecord): boolean {
  return holder?.startsWith(prefix) === true;
}

/**
 * Takes a Lease from a holder that should be gone but goes on renewing it: a container that runs on where the kubelet does not. Finding
 * another holder, it stops writing, and waits for ten minutes before it would lead again. null: there is no Lease. @throws {ApiError}
 */
export async function fenceLease(options: LeaseFenceOptions): Promise<LeaseRecord | null> {
  const { transport, clock, namespace, name, instance, signal } = options;
  const store = createLeaseStore({
    transport,
    namespace,
    name,
    durationMs: fenceMs,
    timeoutMs: 10_000,
  });
  for (let tries = 1; ; tries += 1) {
    const current = await store.read(signal);
    if (current === null || isFence(current)) return current;
    try {
      const holder = prefix + instance;
      const nowMs = clock.now();
      return await store.write({ holder, nowMs, current, annotations: {}, signal });
    } catch (error) {
      // Renewed since it was read.
      if (!isApiError(error, 'conflict') || tries >= maxTries) throw error;
    }
  }
}
