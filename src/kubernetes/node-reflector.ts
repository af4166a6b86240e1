import { createBackoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import { ApiError } from './api-error.ts';
import { listNodes } from './node-list.ts';
import type { KeepAnnotation, NodeMetadata } from './node-metadata.ts';
import { createNodeStore } from './node-store.ts';
import { watchNodes } from './node-watch.ts';
import type { Transport } from './transport.ts';

export interface ReflectorStatus {
  /** True once all Nodes were listed. */
  readonly synced: boolean;
  /** Since the last event, bookmark or list; null before the first. */
  readonly lastEventAgeMs: number | null;
  readonly listsTotal: number;
  readonly eventsTotal: number;
  readonly failuresTotal: Readonly<Record<string, number>>;
  /** Of the try under way: null while it works. */
  readonly error: ApiError | null;
}

/** A copy of all Nodes (name, uid, some annotations) that follows the API server. */
export interface NodeReflector {
  /** Runs until the signal aborts; never throws. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when the first list is complete (true) or the signal aborts (false). */
  synced(signal: AbortSignal): Promise<boolean>;
  nodes(): ReadonlyMap<string, NodeMetadata>;
  /** Takes note of what a reply to a patch says, before the watch brings it. */
  observe(node: NodeMetadata): void;
  status(): ReflectorStatus;
}

export interface ReflectorOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Logger;
  readonly keep: KeepAnnotation;
  readonly labelSelector: string | null;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
  /** A full list is taken again after this long, in case an event was missed. Default 30 min. */
  readonly relistMs?: number;
}

const longestPauseMs = 30_000;
/** A watch that lived this long works. */
const worksAfterMs = 30_000;
const isRepeatedFrom = 3;
const expiredHint =
  'The list is taken anew each time, half a minute apart at most. Look at the watch cache of the API server, or at a proxy in front of it.';

/** During a list anew the old picture stays: a node counts as gone only when a complete list lacks it. */
export function createNodeReflector(options: ReflectorOptions): NodeReflector {
  const { transport, clock, log, keep, labelSelector, random = Math.random } = options;
  const store = createNodeStore();
  const backoff = createBackoff({ baseMs: 500, capMs: longestPauseMs, random });
  const relistMs = options.relistMs ?? 30 * 60_000;
  const failures: Record<string, number> = {};
  let resourceVersion: string | null = null;
  let listedAtMs = -Infinity;
  let lastEventMs: number | null = null;
  let lists = 0;
  let events = 0;
  let error: ApiError | null = null;
  let firstList: (() => void)[] = [];
  let failedAtMs = -Infinity;
  let inARow = 0;

  const alive = (): void => {
    lastEventMs = clock.monotonicMs();
    error = null;
  };

  const list = async (signal: AbortSignal): Promise<string> => {
    const answer = await listNodes({ transport, keep, labelSelector, signal });
    store.replaceAll(answer.nodes);
    listedAtMs = clock.monotonicMs();
    lists += 1;
    alive();
    for (const tell of firstList) tell();
    firstList = [];
    return answer.resourceVersion;
  };

  const watch = async (from: string, signal: AbortSignal): Promise<void> => {
    const startedMs = clock.monotonicMs();
    const eventsBefore = events;
    try {
      await follow(from, signal);
    } finally {
      // Not sooner, and not by a list: where every watch expires at once, whole lists would be asked for without a pause.
      if (clock.monotonicMs() - startedMs >= worksAfterMs) backoff.reset();
    }
    // A server that ends each watch at once would otherwise be asked in a tight loop.
    const endedAtOnce = clock.monotonicMs() - startedMs < 1_000 && events === eventsBefore;
    if (endedAtOnce) throw new ApiError('bad_answer', 'the watch ended as soon as it began');
  };

  const follow = async (from: string, signal: AbortSignal): Promise<void> => {
    await watchNodes({
      transport,
      keep,
      labelSelector,
      resourceVersion: from,
      timeoutSeconds: Math.round(240 + 60 * random()),
      silenceMs: 75_000 + 15_000 * random(),
      signal,
      onChange: (node) => store.observe(node),
      onDelete: (node) => store.remove(node.name, node.uid),
      onVersion: (version) => {
        resourceVersion = version;
        events += 1;
        alive();
      },
    });
  };

  const step = async (signal: AbortSignal): Promise<void> => {
    if (resourceVersion === null || clock.monotonicMs() - listedAtMs > relistMs) {
      resourceVersion = await list(signal);
    }
    await watch(resourceVersion, signal);
  };

  const failed = async (cause: unknown, signal: AbortSignal): Promise<void> => {
    const reason =
      cause instanceof ApiError ? cause : new ApiError('bad_answer', String(cause), { cause });
    error = reason;
    failures[reason.code] = (failures[reason.code] ?? 0) + 1;
    // Resource version too old, or (invalid, bad answer) not one to go on from.
    if (['gone', 'invalid', 'bad_answer'].includes(reason.code)) resourceVersion = null;
    inARow = clock.monotonicMs() - failedAtMs < 2 * longestPauseMs ? inARow + 1 : 1;
    failedAtMs = clock.monotonicMs();
    if (reason.code !== 'gone')
      log.warn({ reason, hint: reason.hint }, 'watch on nodes failed, trying again');
    else if (inARow < isRepeatedFrom) log.info({ reason }, 'watch on nodes expired, listing again');
    else log.warn({ reason, inARow, hint: expiredHint }, 'every watch on nodes expires');
    await clock.sleep(Math.max(backoff.nextMs(), reason.retryAfterMs ?? 0), signal);
  };

  return {
    run: async (signal) => {
      while (!signal.aborted) {
        try {
          await step(signal);
        } catch (cause) {
          if (!signal.aborted) await failed(cause, signal);
        }
      }
    },
    synced: async (signal) => {
      if (lists > 0) return true;
      await new Promise<void>((resolve) => {
        firstList.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
        if (signal.aborted) resolve();
      });
      return lists > 0;
    },
    nodes: () => store.nodes(),
    observe: (node) => store.observe(node),
    status: () => ({
      synced: lists > 0,
      lastEventAgeMs: lastEventMs === null ? null : clock.monotonicMs() - lastEventMs,
      listsTotal: lists,
      eventsTotal: events,
      failuresTotal: { ...failures },
      error,
    }),
  };
}
