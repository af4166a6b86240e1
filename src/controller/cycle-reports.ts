import type { EventObject, EventRecorder } from '../kubernetes/event-recorder.ts';
import type { NodeMetadata } from '../kubernetes/node-metadata.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { LeftOut } from './annotations/fit.ts';
import type { CycleReport } from './controller-status.ts';
import { crowdedHint, crowdedText } from './crowded-nodes.ts';
import { changeText, type PatternChange } from './pattern-changes.ts';
import type { WriteStatus } from './write-queue.ts';

export interface CycleReportsOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** null: no Events. */
  readonly events: EventRecorder | null;
  /** What Events about the controller itself are attached to; null: to nothing, they are only logged. */
  readonly self: () => EventObject | null;
}

/** Tells people what cycles came to: the log, and Events that repeat no more often than is of use. */
export interface CycleReports {
  patterns(node: NodeMetadata, changes: readonly PatternChange[]): void;
  /** The node's annotations have no room for all that we would say. */
  crowded(node: NodeMetadata, leftOut: LeftOut): void;
  cycle(report: CycleReport, writes: WriteStatus): void;
  /** Sends Events that are due. */
  flush(signal: AbortSignal): Promise<void>;
}

/** The same trouble is said again after this long. */
const repeatMs = 10 * 60_000;

export function createCycleReports(options: CycleReportsOptions): CycleReports {
  const { clock, log, events } = options;
  const saidMs = new Map<string, number>();
  let lastResult: CycleReport['result'] | null = null;

  const isDue = (key: string): boolean => {
    const nowMs = clock.monotonicMs();
    if (nowMs - (saidMs.get(key) ?? -Infinity) < repeatMs) return false;
    if (saidMs.size > 1_000) saidMs.clear();
    saidMs.set(key, nowMs);
    return true;
  };
  const tell = (type: 'Normal' | 'Warning', reason: string, message: string): void => {
    const self = options.self();
    if (self !== null) events?.note({ about: self, type, reason, message });
  };

  return {
    patterns: (node, changes) => {
      const message = changeText(changes);
      log.info({ node: node.name, changes: message }, 'usage pattern changed');
      const isStale = changes.some(({ to }) => to === 'unknown');
      events?.note({
        about: { apiVersion: 'v1', kind: 'Node', name: node.name, uid: node.uid },
        type: isStale ? 'Warning' : 'Normal',
        reason: isStale ? 'GpuUsageUnknown' : 'GpuPatternChanged',
        message,
      });
    },
    crowded: (node, leftOut) => {
      events?.note({
        about: { apiVersion: 'v1', kind: 'Node', name: node.name, uid: node.uid },
        type: 'Warning',
        reason: 'GpuProfileTooLarge',
        message: `${crowdedText(leftOut)}. ${crowdedHint}`,
      });
    },
    cycle: (report, writes) => {
      for (const { code, detail, hint } of report.problems) {
        if (isDue(code)) log.warn({ code, detail, hint }, incompleteText(code));
      }
      if (report.result === 'failed' && isDue('event failed')) {
        const [problem] = report.problems;
        const step = problem?.hint === undefined ? '' : ` ${problem.hint}`;
        tell(
          'Warning',
          'UsageUnavailable',
          `${problem?.detail ?? 'no answer'}.${step} Annotations stay until their TTL.`,
        );
      }
      if (report.result !== 'failed' && lastResult === 'failed') {
        saidMs.clear();
        log.info({ nodes: report.nodesReporting }, 'usage can be read again');
        tell('Normal', 'UsageAvailable', 'Usage can be read again.');
      }
      if (writes.refusal !== null && isDue('event refused')) {
        tell(
          'Warning',
          'NotAllowedToWriteNodes',
          `${writes.refusal.detail}. ${writes.refusal.hint ?? ''}`,
        );
      }
      lastResult = report.result;
    },
    flush: async (signal) => {
      await events?.flush(signal);
    },
  };
}

function incompleteText(code: string): string {
  return `usage could not be ${code === 'profile_too_large' ? 'written' : 'read'} completely`;
}
