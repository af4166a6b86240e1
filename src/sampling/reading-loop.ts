import {
  SourceError,
  type GpuDevice,
  type GpuSource,
  type LongestCallMs,
  type SourceRead,
} from '../gpu/source.ts';
import { createBackoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { messageOf } from '../lib/errors.ts';
import { TierSchedule } from './tier-schedule.ts';

export interface ReadingLoopOptions {
  readonly source: GpuSource;
  readonly clock: Clock;
  readonly random: () => number;
  readonly reopenBaseMs: number;
  readonly reopenCapMs: number;
  readonly onCall: (call: keyof LongestCallMs) => void;
  readonly onOpened: (devices: readonly GpuDevice[]) => void;
  readonly onRead: (read: SourceRead, startedMs: number) => void;
  /** The loop goes on after the wait, unless the error is fatal. */
  readonly onFailure: (error: SourceError, duringRead: boolean, retryMs: number | null) => void;
}

/** Short enough for a stop within two seconds. */
const closeWaitMs = 700;

/**
 * Opens the source and reads its tiers when they are due, one call at a time, until `signal` aborts or a fatal error.
 * After a failure the source is closed and opened again, with back-off. Never throws.
 */
export async function readingLoop(options: ReadingLoopOptions, signal: AbortSignal): Promise<void> {
  const { clock, reopenBaseMs, reopenCapMs, random } = options;
  const backoff = createBackoff({ baseMs: reopenBaseMs, capMs: reopenCapMs, random });
  while (!signal.aborted) {
    const failure = await openAndRead(options, () => backoff.reset(), signal);
    if (failure === null) return;
    if (failure.error.fatal) {
      options.onFailure(failure.error, failure.duringRead, null);
      return;
    }
    const retryMs = Math.min(backoff.nextMs(), failure.error.retryWithinMs ?? Infinity);
    options.onFailure(failure.error, failure.duringRead, retryMs);
    await clock.sleep(retryMs, signal);
  }
}

interface Failure {
  readonly error: SourceError;
  readonly duringRead: boolean;
}

/** Null: `signal` aborted. */
async function openAndRead(
  options: ReadingLoopOptions,
  onSuccess: () => void,
  signal: AbortSignal,
): Promise<Failure | null> {
  const { source, clock } = options;
  let duringRead = false;
  try {
    options.onCall('open');
    const devices = await unlessAborted(source.open(signal), signal);
    if (devices === null) return null;
    options.onOpened(devices);
    duringRead = true;
    await readTiers(options, onSuccess, signal);
    return null;
  } catch (error) {
    if (signal.aborted) return null;
    return { error: asSourceError(error), duringRead };
  } finally {
    await closeQuietly(source, clock);
  }
}

async function readTiers(
  options: ReadingLoopOptions,
  onSuccess: () => void,
  signal: AbortSignal,
): Promise<void> {
  const { source, clock } = options;
  const schedule = new TierSchedule(() => source.cadence(), options.random);
  while (!signal.aborted) {
    const next = schedule.next();
    if (next === null) throw new SourceError('driver_error', 'the source has nothing to read');
    const waitMs = next.dueMs - clock.monotonicMs();
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    if (signal.aborted) return;
    const startedMs = clock.monotonicMs();
    options.onCall('read');
    const read = await unlessAborted(source.read(next.tier, signal), signal);
    if (read === null) return;
    schedule.done(next.tier, startedMs);
    onSuccess();
    options.onRead(read, startedMs);
  }
}

/** Null as soon as `signal` aborts, even when the call has not returned and may never do. */
async function unlessAborted<Result>(
  call: Promise<Result>,
  signal: AbortSignal,
): Promise<Result | null> {
  if (signal.aborted) {
    call.catch(() => undefined);
    return null;
  }
  let stop = (): void => undefined;
  const aborted = new Promise<null>((resolve) => {
    stop = () => resolve(null);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([call, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** A source whose call hangs may not be able to close; it is not waited for. */
async function closeQuietly(source: GpuSource, clock: Clock): Promise<void> {
  const waited = new AbortController();
  try {
    await Promise.race([source.close(), clock.sleep(closeWaitMs, waited.signal)]);
  } catch {
    // It failed already, or is being left: what closing says changes nothing.
  } finally {
    waited.abort();
  }
}

function asSourceError(error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  return new SourceError('driver_error', `unexpected failure: ${messageOf(error)}`, {
    cause: error,
  });
}
