import type { Clock } from '../lib/clock.ts';
import type { ClusterAccess, Credentials } from './client.ts';

/** Credentials read at most once in half a minute, and at once after the server refused them. */
export interface CredentialsCache {
  get(): Promise<Credentials>;
  /** The server said 401 or its certificate was not trusted: read everything anew, though not more than every few seconds. True if the next get() will. */
  refuse(): boolean;
}

const maxAgeMs = 30_000;
const minRefuseIntervalMs = 2_000;

export function createCredentialsCache(access: ClusterAccess, clock: Clock): CredentialsCache {
  let kept: Credentials | undefined;
  let readAtMs = -Infinity;
  let refusedAtMs = -Infinity;
  let reading: Promise<Credentials> | undefined;

  const read = async (): Promise<Credentials> => {
    try {
      kept = await access.load();
    } catch (error) {
      // A file that is being replaced: what worked until now is tried for another while.
      if (kept === undefined) throw error;
    } finally {
      reading = undefined;
    }
    readAtMs = clock.monotonicMs();
    return kept;
  };

  return {
    get: async () => {
      if (kept !== undefined && clock.monotonicMs() - readAtMs < maxAgeMs) return kept;
      reading ??= read();
      return reading;
    },
    refuse: () => {
      const nowMs = clock.monotonicMs();
      if (nowMs - refusedAtMs < minRefuseIntervalMs) return false;
      refusedAtMs = nowMs;
      readAtMs = -Infinity;
      access.forget();
      return true;
    },
  };
}
