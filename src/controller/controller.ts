import type { EventObject, EventRecorder } from '../kubernetes/event-recorder.ts';
import type { LeaderTerm } from '../kubernetes/leader-term.ts';
import type { NodeReflector } from '../kubernetes/node-reflector.ts';
import type { Clock } from '../lib/clock.ts';
import { every } from '../lib/every.ts';
import type { Logger } from '../lib/logger.ts';
import type { ControllerStatus, CycleReport, CycleResult } from './controller-status.ts';
import { createCycleReports, type CycleReports } from './cycle-reports.ts';
import { runCycle } from './cycle.ts';
import { createFleetMemory, type FleetMemory } from './gpu-memory.ts';
import { baselineMs } from './heartbeat.ts';
import { noGpuJudged } from './judged-gpus.ts';
import type { NodeSender } from './node-sender.ts';
import type { UsageSource } from './usage-source.ts';
import { createWriteQueue, type WriteQueue } from './write-queue.ts';

export interface ControllerOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly source: UsageSource;
  readonly reflector: Pick<NodeReflector, 'nodes' | 'synced'>;
  readonly sender: NodeSender;
  /** null: no Events. */
  readonly events: EventRecorder | null;
  readonly self: () => EventObject | null;
  readonly intervalMs: number;
  readonly ttlMs: number;
  readonly windowMs: number;
  readonly writesPerSecond: number;
  readonly writesInFlight: number;
}

/** Reads, decides and writes, as long as it may. */
export interface Controller {
  /** Cycles until the term ends. */
  lead(term: LeaderTerm): Promise<void>;
  /** One cycle and its writes. */
  once(term: LeaderTerm): Promise<CycleReport>;
  status(): ControllerStatus;
}

/** The analysis looks at a short window for quick verdicts and at all there is for slow cycles. */
const shortWindowSeconds = 120;

export function createController(options: ControllerOptions): Controller {
  const { clock, log, intervalMs, ttlMs } = options;
  const cycles: Record<CycleResult, number> = { complete: 0, incomplete: 0, failed: 0 };
  const pastOutcomes: Record<string, number> = {};
  let last: CycleReport | null = null;
  let lastReadMs: number | null = null;
  let lastReadMonotonicMs: number | null = null;
  let unjudgedSinceMs: number | null = null;
  let runningSinceMs: number | null = null;
  let patternChanges = 0;
  let queue: WriteQueue | null = null;

  const cycle = async (work: Term, signal: AbortSignal): Promise<CycleReport> => {
    runningSinceMs = clock.monotonicMs();
    try {
      const report = await runCycle(
        {
          ...options,
          nodes: () => options.reflector.nodes(),
          memory: work.memory,
          queue: work.queue,
          freshMs: Math.min(ttlMs, Math.max(3 * intervalMs, 3 * 60_000)),
          windowsSeconds: windowsOf(options.windowMs),
          onPatternChanges: (node, changes) => {
            patternChanges += changes.length;
            work.reports.patterns(node, changes);
          },
          onCrowded: (node, leftOut) => work.reports.crowded(node, leftOut),
        },
        signal,
      );
      last = report;
      cycles[report.result] += 1;
      if (report.result !== 'failed') {
        lastReadMs = report.startedMs;
        lastReadMonotonicMs = clock.monotonicMs();
        const isUnjudged = report.problems.some(({ code }) => code === noGpuJudged);
        unjudgedSinceMs = isUnjudged ? (unjudgedSinceMs ?? clock.monotonicMs()) : null;
      }
      work.reports.cycle(report, work.queue.status());
      return report;
    } finally {
      runningSinceMs = null;
    }
  };

  const begin = (term: LeaderTerm): Term => {
    const work: Term = {
      memory: createFleetMemory(baselineMs(term.inherited, clock.now(), ttlMs, intervalMs)),
      reports: createCycleReports(options),
      queue: createWriteQueue({
        clock,
        log,
        send: (order, signal) => options.sender.send(order, term, signal),
        writesPerSecond: options.writesPerSecond,
        writesInFlight: options.writesInFlight,
      }),
    };
    queue = work.queue;
    return work;
  };

  const end = (): void => {
    for (const [outcome, count] of Object.entries(queue?.status().outcomes ?? {})) {
      pastOutcomes[outcome] = (pastOutcomes[outcome] ?? 0) + count;
    }
    queue = null;
    unjudgedSinceMs = null;
  };

  return {
    lead: async (term) => {
      if (!(await options.reflector.synced(term.signal))) return;
      const work = begin(term);
      const writing = work.queue.run(term.signal);
      await every({
        clock,
        signal: term.signal,
        nextDelayMs: () => intervalMs,
        run: async (signal) => {
          await cycle(work, signal);
          await work.reports.flush(signal);
        },
        onError: (error) => log.error({ error }, 'cycle failed unexpectedly'),
      });
      await writing;
      end();
    },
    once: async (term) => {
      const work = begin(term);
      const stop = new AbortController();
      const writing = work.queue.run(AbortSignal.any([term.signal, stop.signal]));
      try {
        const report = await cycle(work, term.signal);
        await work.queue.settled(term.signal);
        work.reports.cycle(report, work.queue.status());
        await work.reports.flush(term.signal);
        return report;
      } finally {
        stop.abort();
        await writing;
        end();
      }
    },
    status: () => ({
      cyclesTotal: { ...cycles },
      last,
      lastReadMs,
      lastReadAgeMs:
        lastReadMonotonicMs === null ? null : clock.monotonicMs() - lastReadMonotonicMs,
      unjudgedMs: unjudgedSinceMs === null ? null : clock.monotonicMs() - unjudgedSinceMs,
      runningMs: runningSinceMs === null ? null : clock.monotonicMs() - runningSinceMs,
      patternChangesTotal: patternChanges,
      writes: queue?.status() ?? null,
      pastOutcomes: { ...pastOutcomes },
    }),
  };
}

interface Term {
  readonly memory: FleetMemory;
  readonly reports: CycleReports;
  readonly queue: WriteQueue;
}

function windowsOf(windowMs: number): readonly number[] {
  const seconds = Math.round(windowMs / 1_000);
  return seconds <= shortWindowSeconds ? [seconds] : [shortWindowSeconds, seconds];
}
