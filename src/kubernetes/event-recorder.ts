import { randomBytes } from 'node:crypto';

import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import { ApiError, isApiError } from './api-error.ts';
import { wholeSecondTime } from './micro-time.ts';
import { fieldManager } from './node-patch.ts';
import type { Transport } from './transport.ts';

/** What an Event is about. */
export interface EventObject {
  readonly apiVersion: string;
  readonly kind: 'Node' | 'Lease';
  readonly name: string;
  readonly uid: string;
  readonly namespace?: string;
}

export interface EventNote {
  readonly about: EventObject;
  readonly type: 'Normal' | 'Warning';
  /** UpperCamelCase, machine-readable. */
  readonly reason: string;
  readonly message: string;
}

export interface EventRecorderStatus {
  readonly sentTotal: number;
  readonly droppedTotal: number;
  readonly error: ApiError | null;
}

/**
 * Events that say what changed, without flooding: one Event object per thing and reason, whose count and message move on,
 * written at most once per `minIntervalMs`. What comes in between is kept (the newest message) and sent when the time has come.
 */
export interface EventRecorder {
  note(note: EventNote): void;
  /** Sends what is due; called once per cycle. Never throws: an Event is never worth a failed cycle. */
  flush(signal: AbortSignal): Promise<void>;
  status(): EventRecorderStatus;
}

export interface EventRecorderOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Logger;
  /** Name of this process, shown as the source instance. */
  readonly instance: string;
  /** Between two writes about one thing and reason. Default 60 s. */
  readonly minIntervalMs?: number;
  /** Per flush. Default 50. */
  readonly maxPerFlush?: number;
}

interface Kept {
  note: EventNote;
  /** Notes since the last write. */
  pending: number;
  count: number;
  name: string | null;
  firstMs: number;
  writtenMs: number;
}

const maxKept = 5_000;
const maxMessage = 1_000;

export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  const { transport, clock, log, instance } = options;
  const minIntervalMs = options.minIntervalMs ?? 60_000;
  const kept = new Map<string, Kept>();
  let sent = 0;
  let dropped = 0;
  let error: ApiError | null = null;
  /** By namespace: the right may be there in one and missing in another. */
  const pausedUntilMs = new Map<string, number>();

  const path = (note: EventNote): string =>
    `/api/v1/namespaces/${note.about.namespace ?? 'default'}/events`;

  /** `pending`: how many notes it stands for; more may come while it is sent. */
  const write = async (entry: Kept, pending: number, signal: AbortSignal): Promise<void> => {
    const { note } = entry;
    const nowMs = clock.now();
    const count = entry.count + pending;
    const seen = { count, message: note.message.slice(0, maxMessage), type: note.type };
    const lastTimestamp = wholeSecondTime(nowMs);
    if (entry.name !== null) {
      try {
        await transport.json({
          method: 'PATCH',
          path: `${path(note)}/${entry.name}`,
          query: { fieldManager },
          contentType: 'application/merge-patch+json',
          body: { ...seen, lastTimestamp },
          signal,
        });
        entry.count = count;
        return;
      } catch (cause) {
        // Events expire after an hour: then a new one is made.
        if (!isApiError(cause, 'not_found')) throw cause;
      }
    }
    const name = `${note.about.name.slice(0, 200)}.${randomBytes(6).toString('hex')}`;
    await transport.json({
      method: 'POST',
      path: path(note),
      query: { fieldManager },
      body: {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name, namespace: note.about.namespace ?? 'default' },
        involvedObject: note.about,
        reason: note.reason,
        ...seen,
        count: pending,
        firstTimestamp: wholeSecondTime(entry.firstMs),
        lastTimestamp,
        source: { component: fieldManager, host: instance },
        reportingComponent: fieldManager,
        reportingInstance: instance.slice(0, 128),
      },
      signal,
    });
    entry.name = name;
    entry.count = pending;
  };

  const isDue = (entry: Kept): boolean => {
    const nowMs = clock.monotonicMs();
    if (entry.pending === 0 || nowMs - entry.writtenMs < minIntervalMs) return false;
    return nowMs >= (pausedUntilMs.get(path(entry.note)) ?? -Infinity);
  };

  const send = async (entry: Kept, signal: AbortSignal): Promise<void> => {
    const nowMs = clock.monotonicMs();
    const { pending } = entry;
    try {
      await write(entry, pending, signal);
      sent += 1;
      error = null;
    } catch (cause) {
      error = cause instanceof ApiError ? cause : new ApiError('bad_answer', String(cause));
      log.warn({ error, hint: error.hint }, 'cannot write an event');
      pausedUntilMs.set(path(entry.note), nowMs + Math.max(60_000, error.retryAfterMs ?? 0));
      dropped += 1;
    } finally {
      entry.pending -= pending;
      entry.writtenMs = nowMs;
    }
  };

  return {
    note: (note) => {
      const key = `${note.about.uid} ${note.reason}`;
      const entry = kept.get(key) ?? fresh(note, clock.now());
      if (entry.pending === 0 && entry.name === null) entry.firstMs = clock.now();
      entry.note = note;
      entry.pending += 1;
      kept.delete(key);
      kept.set(key, entry);
      if (kept.size > maxKept) {
        const oldest = kept.keys().next().value;
        if (oldest !== undefined) {
          // Never sent; one that waited for nothing only loses its count.
          if ((kept.get(oldest)?.pending ?? 0) > 0) dropped += 1;
          kept.delete(oldest);
        }
      }
    },
    flush: async (signal) => {
      let budget = options.maxPerFlush ?? 50;
      for (const entry of kept.values()) {
        if (budget <= 0 || signal.aborted) return;
        if (!isDue(entry)) continue;
        budget -= 1;
        await send(entry, signal);
      }
    },
    status: () => ({ sentTotal: sent, droppedTotal: dropped, error }),
  };
}

function fresh(note: EventNote, nowMs: number): Kept {
  return { note, pending: 0, count: 0, name: null, firstMs: nowMs, writtenMs: -Infinity };
}
