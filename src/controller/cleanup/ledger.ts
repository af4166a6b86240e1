import { isRetryable, type ApiError } from '../../kubernetes/api-error.ts';
import type { NodeMetadata } from '../../kubernetes/node-metadata.ts';
import type { AnnotationPatch, PatchOutcome } from '../../kubernetes/node-patch.ts';
import { keysOfOthers, keysToRemove } from './removal.ts';
import type { CleanupProgress, CleanupReport, LeftNode, LeftReason, NodeKeys } from './report.ts';

export interface CleanupLedgerOptions {
  readonly dryRun: boolean;
  readonly removalsPerNode: number;
}

/** What a cleanup knows: the nodes as last listed, what was removed since it began, and which nodes are of no use to try again. */
export interface CleanupLedger {
  listed(nodes: ReadonlyMap<string, NodeMetadata>): void;
  listFailed(error: ApiError): void;
  settled(patch: AnnotationPatch, outcome: PatchOutcome['kind']): void;
  /** The answer may be what got lost: the next list tells whether the patch arrived. */
  failed(patch: AnnotationPatch, error: ApiError): void;
  /** No node that is open is tried again. */
  giveUp(error: ApiError | undefined): void;
  /** Nodes that have keys of ours and may be tried. */
  open(): readonly NodeMetadata[];
  /** Nodes that we may not write. */
  refusals(): number;
  /** True: an open node has been cleaned before. */
  isRepeating(): boolean;
  report(verified: boolean): CleanupReport;
  progress(): CleanupProgress;
}

interface NodeHistory {
  readonly removed: Set<string>;
  /** Keys of a patch that failed. */
  unsure: readonly string[];
  times: number;
  /** Of the last try; a success clears it. */
  error: ApiError | null;
  hopeless: boolean;
}

export function createCleanupLedger(options: CleanupLedgerOptions): CleanupLedger {
  const histories = new Map<string, NodeHistory>();
  let nodes: ReadonlyMap<string, NodeMetadata> = new Map();
  let settledSince = new Set<string>();
  let problem: CleanupReport['problem'] = null;

  const historyOf = (node: string): NodeHistory => {
    const known = histories.get(node);
    if (known !== undefined) return known;
    const made: NodeHistory = {
      removed: new Set(),
      unsure: [],
      times: 0,
      error: null,
      hopeless: false,
    };
    histories.set(node, made);
    return made;
  };
  const withOurs = (): NodeMetadata[] =>
    [...nodes.values()].filter(
      (node) => !settledSince.has(node.name) && keysToRemove(node).length > 0,
    );
  const mayBeTried = ({ name }: NodeMetadata): boolean => {
    const { times, hopeless } = historyOf(name);
    return !hopeless && times < options.removalsPerNode;
  };
  const open = (): NodeMetadata[] => withOurs().filter(mayBeTried);

  return {
    listed: (found) => {
      nodes = found;
      settledSince = new Set();
      problem = null;
      for (const [name, history] of histories) {
        const now = found.get(name)?.annotations;
        const { unsure } = history;
        history.unsure = [];
        if (now === undefined || unsure.length === 0) continue;
        if (unsure.every((key) => now[key] === undefined)) credit(history, unsure);
      }
    },
    listFailed: (error) => {
      problem = { detail: error.message, hint: error.hint };
    },
    settled: ({ name, annotations }, outcome) => {
      settledSince.add(name);
      if (outcome !== 'written') return;
      credit(historyOf(name), Object.keys(annotations));
    },
    failed: ({ name, annotations }, error) => {
      const history = historyOf(name);
      history.unsure = Object.keys(annotations);
      if (error.code !== 'aborted') history.error = error;
      history.hopeless ||= error.code !== 'aborted' && !isRetryable(error);
    },
    giveUp: (error) => {
      for (const { name } of open()) {
        const history = historyOf(name);
        history.error = error ?? history.error;
        history.hopeless = true;
      }
    },
    open,
    refusals: () =>
      [...histories.values()].filter(({ error }) => error?.code === 'forbidden').length,
    isRepeating: () => open().some(({ name }) => historyOf(name).times > 0),
    report: (verified) => ({
      nodes: nodes.size,
      removed: removedFrom(histories),
      left: withOurs().map((node) => leftOf(node, historyOf(node.name), options)),
      others: [...nodes.values()].flatMap(othersOn),
      verified,
      problem,
    }),
    progress: () => {
      const toClean = new Set(withOurs().map(({ name }) => name));
      const cleaned = [...histories].filter(([, { times }]) => times > 0).map(([node]) => node);
      for (const node of cleaned) toClean.add(node);
      return {
        listed: nodes.size,
        toClean: toClean.size,
        cleaned: cleaned.length,
      };
    },
  };
}

function credit(history: NodeHistory, keys: readonly string[]): void {
  for (const key of keys) history.removed.add(key);
  history.times += 1;
  history.error = null;
}

function removedFrom(histories: ReadonlyMap<string, NodeHistory>): readonly NodeKeys[] {
  return [...histories]
    .filter(([, { removed }]) => removed.size > 0)
    .map(([node, { removed }]) => ({ node, keys: [...removed].sort() }));
}

function leftOf(
  node: NodeMetadata,
  { error, times, hopeless }: NodeHistory,
  options: CleanupLedgerOptions,
): LeftNode {
  return {
    node: node.name,
    keys: keysToRemove(node),
    reason: reasonOf(),
    detail: error?.message ?? '',
    hint: error?.hint,
  };

  function reasonOf(): LeftReason {
    if (options.dryRun) return 'not_tried';
    if (hopeless) return error?.code === 'forbidden' ? 'forbidden' : 'refused';
    return times >= options.removalsPerNode ? 'written_again' : 'out_of_time';
  }
}

function othersOn(node: NodeMetadata): readonly NodeKeys[] {
  const keys = keysOfOthers(node);
  return keys.length === 0 ? [] : [{ node: node.name, keys }];
}
