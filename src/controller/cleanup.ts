import { ApiError } from '../kubernetes/api-error.ts';
import type { NodeMetadata } from '../kubernetes/node-metadata.ts';
import type { AnnotationPatch, PatchOutcome } from '../kubernetes/node-patch.ts';
import { createBackoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { createCleanupLedger, type CleanupLedger } from './cleanup/ledger.ts';
import { removalPatch } from './cleanup/removal.ts';
import { sendAll } from './cleanup/removal-pool.ts';
import type { CleanupProgress, CleanupReport } from './cleanup/report.ts';

export type {
  CleanupProgress,
  CleanupReport,
  LeftNode,
  LeftReason,
  NodeKeys,
} from './cleanup/report.ts';

export interface CleanupOptions {
  readonly clock: Clock;
  /** All nodes with the annotations that `isOurKey` keeps. Repeats by itself what may work later. @throws {ApiError} */
  readonly list: (signal: AbortSignal) => Promise<ReadonlyMap<string, NodeMetadata>>;
  /** Sends one patch. Repeats by itself what may work later, apart from conflicts. Always waited for. @throws {ApiError} */
  readonly send: (patch: AnnotationPatch) => Promise<PatchOutcome>;
  readonly writesPerSecond: number;
  readonly writesInFlight: number;
  readonly dryRun: boolean;
  /** How often the keys of a node are removed; when they are there again after that, a controller must be running. */
  readonly removalsPerNode: number;
  readonly random?: () => number;
}

/** Removes from all nodes what we own, and nothing else. */
export interface Cleanup {
  /**
   * Lists, removes, and lists again until there is nothing left that could be removed or the signal aborts. Can be run again: it goes on
   * from what the nodes say. @throws {ApiError} when the nodes cannot be listed for the first time.
   */
  run(signal: AbortSignal): Promise<CleanupReport>;
  progress(): CleanupProgress;
}

export function createCleanup(options: CleanupOptions): Cleanup {
  const { clock, random = Math.random } = options;
  const ledger = createCleanupLedger(options);

  const remove = async (patch: AnnotationPatch, round: Round): Promise<void> => {
    try {
      const outcome = await options.send(patch);
      ledger.settled(patch, outcome.kind);
      round.progressed = true;
    } catch (error) {
      failed(patch, error, ledger, round);
    }
  };

  const runRound = async (
    patches: readonly AnnotationPatch[],
    signal: AbortSignal,
  ): Promise<Round> => {
    const stop = new AbortController();
    const round: Round = { stop, signal: AbortSignal.any([signal, stop.signal]) };
    await sendAll(patches, { ...options, send: (patch) => remove(patch, round) }, round.signal);
    return round;
  };

  return {
    run: async (signal) => {
      const backoff = createBackoff({ baseMs: 500, capMs: 10_000, random });
      ledger.listed(await options.list(signal));
      for (;;) {
        const patches = patchesFor(ledger);
        if (options.dryRun || patches.length === 0) return ledger.report(true);
        const round = await runRound(patches, signal);
        if (round.stop.signal.aborted) ledger.giveUp(round.reason);
        // A node that changes all the time, or one that is written again: not in a tight loop.
        if (round.progressed !== true || ledger.isRepeating()) {
          await clock.sleep(backoff.nextMs(), signal);
        }
        if (!(await listAgain(options, ledger, signal))) return ledger.report(false);
      }
    },
    progress: () => ledger.progress(),
  };
}

/** One pass over the nodes that have keys of ours. */
interface Round {
  readonly signal: AbortSignal;
  /** Aborted when it has turned out that no node can be written. */
  readonly stop: AbortController;
  reason?: ApiError;
  progressed?: boolean;
}

const isGeneralFrom = 3;

function failed(patch: AnnotationPatch, cause: unknown, ledger: CleanupLedger, round: Round): void {
  const error =
    cause instanceof ApiError ? cause : new ApiError('bad_answer', String(cause), { cause });
  // A conflict: the node has changed since it was listed, by the kubelet most likely. The next list has its new state.
  ledger.failed(patch, error);
  const isGeneral =
    isGeneralFailure(error) ||
    (error.code === 'forbidden' && round.progressed !== true && ledger.refusals() >= isGeneralFrom);
  if (!isGeneral || round.signal.aborted) return;
  round.reason = error;
  round.stop.abort();
}

/** What would meet every other node as well. */
function isGeneralFailure(error: ApiError): boolean {
  return ['unauthorized', 'credentials', 'tls', 'bad_kubeconfig'].includes(error.code);
}

function patchesFor(ledger: CleanupLedger): readonly AnnotationPatch[] {
  return ledger.open().flatMap((node) => removalPatch(node) ?? []);
}

/** False: there was no time for it any more, or it cannot be done any more. */
async function listAgain(
  options: CleanupOptions,
  ledger: CleanupLedger,
  signal: AbortSignal,
): Promise<boolean> {
  if (signal.aborted) return false;
  try {
    ledger.listed(await options.list(signal));
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    ledger.listFailed(error);
    return false;
  }
}
