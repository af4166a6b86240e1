import { hostname } from 'node:os';
import { isOurKey } from '../controller/annotation-keys.ts';
import { createCleanup, type Cleanup, type CleanupReport } from '../controller/cleanup.ts';
import { createClusterAccess, type ClusterAccess } from '../kubernetes/client.ts';
import { listNodes } from '../kubernetes/node-list.ts';
import { patchNode } from '../kubernetes/node-patch.ts';
import { createRetryingTransport } from '../kubernetes/retrying-transport.ts';
import { createTransport, type Transport } from '../kubernetes/transport.ts';
import { formatDurationMs } from '../lib/duration.ts';
import { CodedError } from '../lib/errors.ts';
import type { AppContext } from './app-context.ts';
import { controllerGone, type ControllerFinding } from './cleanup/controller-gone.ts';
import { createLeaseCheck, type LeaseCheck, type LeaseRemoval } from './cleanup/lease-check.ts';
import { outcomeJson, isClean, type CleanupOutcome } from './cleanup/outcome.ts';
import { outcomeText } from './cleanup/outcome-text.ts';
import { withProgress, type Retries } from './cleanup/progress.ts';

type Context = AppContext<'cleanup'>;
type Api = Pick<Transport, 'json'>;

/** A patch under way when the time is up is still waited for, so that what is told of it is true. Less than main's patience. */
const graceMs = 3_000;

/** Where manifests/ and the chart put everything unless told otherwise. */
const usualNamespace = 'gpu-profiler';

/** Removes what we own from all nodes, after the controller has been stopped. Exit code 0 only when nothing of ours is left. */
export async function runCleanup(context: Context): Promise<number> {
  const { settings, clock, log, version } = context;
  const access = createClusterAccess({
    kubeconfigFile: settings.kubeconfig,
    context: settings['kube.context'],
  });
  const retries: Retries = { count: 0, last: null };
  // Not AbortSignal.timeout: nothing but a weak reference would hold it through minutes of garbage collection.
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), settings.timeout);
  const signal = AbortSignal.any([context.signal, deadline.signal]);
  const transport = createTransport({
    access,
    clock,
    maxSockets: settings['writes-in-flight'] + 2,
    userAgent: `gpu-profiler-cleanup/${version}`,
  });
  const api = createRetryingTransport({
    transport,
    clock,
    until: signal,
    onRetry: (error) => {
      retries.count += 1;
      retries.last = error;
      log.debug({ error }, 'request failed, trying again');
    },
  });
  const outcome: { -readonly [Key in keyof CleanupOutcome]: CleanupOutcome[Key] } = {
    dryRun: settings['dry-run'],
    deployment: settings['stop-deployment'],
    controller: null,
    report: null,
    lease: null,
    problem: null,
  };
  try {
    const namespace = await leaseNamespace(settings, access);
    const lease = { namespace, name: settings['lease.name'] };
    const check = settings['lease.enabled']
      ? createLeaseCheck({ ...lease, transport: api, clock, log, instance: hostname(), signal })
      : null;
    const parts = { ...context, api, check, signal, retries };
    outcome.controller = await controllerGone(parts, lease);
    const report = await cleanNodes(parts, outcome.controller);
    outcome.report = report;
    outcome.lease = await removeLease(check, outcome.controller, outcome);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    outcome.problem = error.code === 'aborted' ? endedEarly(context) : error;
  } finally {
    clearTimeout(timer);
    transport.close();
  }
  return tell(context, outcome);
}

interface Parts extends Context {
  readonly api: Api;
  readonly check: LeaseCheck | null;
  readonly retries: Retries;
}

async function leaseNamespace(
  settings: Context['settings'],
  access: ClusterAccess,
): Promise<string> {
  const stopped = settings['stop-deployment']?.split('/')[0];
  return settings['lease.namespace'] ?? stopped ?? (await access.namespace()) ?? usualNamespace;
}

function cleanNodes(parts: Parts, controller: ControllerFinding): Promise<CleanupReport> {
  const { settings, clock, api, signal } = parts;
  const grace = abortedAfter(signal, graceMs);
  const cleanup: Cleanup = createCleanup({
    clock,
    list: async (listSignal) => {
      const { nodes } = await listNodes({
        transport: api,
        keep: isOurKey,
        labelSelector: settings['node-selector'],
        signal: listSignal,
      });
      return nodes;
    },
    send: (patch) => patchNode(api, patch, { keep: isOurKey, signal: grace }),
    writesPerSecond: settings['removals-per-second'],
    writesInFlight: settings['writes-in-flight'],
    dryRun: settings['dry-run'],
    removalsPerNode: controller.isRunning ? 1 : 3,
  });
  return withProgress(parts, () => cleanup.progress(), cleanup.run(signal));
}

/** An abort that is thrown comes from before the first patch: later ones are in the report. */
function endedEarly({ settings, signal }: Context): CodedError {
  return signal.aborted
    ? new CodedError('interrupted', 'interrupted before anything was removed')
    : new CodedError('out_of_time', 'the time was up before anything was removed', {
        hint: `Give it more than --timeout ${formatDurationMs(settings.timeout)}.`,
      });
}

function abortedAfter(signal: AbortSignal, ms: number): AbortSignal {
  const later = new AbortController();
  signal.addEventListener('abort', () => setTimeout(() => later.abort(), ms).unref(), {
    once: true,
  });
  return later.signal;
}

/** The Lease goes last, and only when its work is done: as long as something is left, another run needs to see who holds it. */
async function removeLease(
  check: LeaseCheck | null,
  controller: ControllerFinding,
  outcome: CleanupOutcome,
): Promise<LeaseRemoval | null> {
  if (check === null || controller.lease === null) return null;
  if (outcome.dryRun || !isClean(outcome)) return null;
  return check.remove(controller.lease);
}

function tell({ settings, stdout }: Context, outcome: CleanupOutcome): number {
  if (settings.json) stdout.write(`${JSON.stringify(outcomeJson(outcome))}\n`);
  else {
    stdout.write(outcomeText(outcome));
    // Main says what went wrong, with its hint.
    if (outcome.problem !== null) throw outcome.problem;
  }
  return isClean(outcome) ? 0 : 1;
}
