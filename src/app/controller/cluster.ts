import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

import type { Settings } from '../../config/options.ts';
import { isOurKey } from '../../controller/annotation-keys.ts';
import { createClusterAccess } from '../../kubernetes/client.ts';
import { createEventRecorder, type EventRecorder } from '../../kubernetes/event-recorder.ts';
import { createLeaderElection, type LeaderElection } from '../../kubernetes/leader-election.ts';
import { createLeaseStore } from '../../kubernetes/lease-store.ts';
import { createNodeReflector, type NodeReflector } from '../../kubernetes/node-reflector.ts';
import { createTransport, type Transport } from '../../kubernetes/transport.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/logger.ts';

export interface ClusterOptions {
  readonly settings: Settings<'controller'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly version: string;
  /** Written along with the Lease. */
  readonly leaseAnnotations: () => Readonly<Record<string, string>>;
}

/** Everything of the API server that a controller uses. */
export interface Cluster {
  readonly identity: string;
  readonly namespace: string;
  readonly server: string;
  readonly transport: Transport;
  readonly reflector: NodeReflector;
  /** null: none is wanted, this process leads as long as it runs. */
  readonly election: LeaderElection | null;
  readonly events: EventRecorder | null;
}

/** @throws {ApiError} bad_kubeconfig or credentials, when there is no usable way to a cluster. */
export async function createCluster(options: ClusterOptions): Promise<Cluster> {
  const { settings, clock, log, version } = options;
  const access = createClusterAccess({
    kubeconfigFile: settings.kubeconfig,
    context: settings['kube.context'],
  });
  const { server } = await access.load();
  const namespace = settings['lease.namespace'] ?? (await access.namespace()) ?? 'default';
  // Unique per process: a container that restarts must not take itself for the holder it was.
  const identity = `${hostname()}_${randomUUID().slice(0, 8)}`;
  const transport = createTransport({
    access,
    clock,
    // Room for the Lease and a list beside the patches.
    maxSockets: settings['writes-in-flight'] + 2,
    userAgent: `gpu-profiler-controller/${version}`,
  });
  const dryRun = settings['dry-run'];
  return {
    identity,
    namespace,
    server,
    transport,
    reflector: createNodeReflector({
      transport,
      clock,
      log,
      keep: isOurKey,
      labelSelector: settings['node-selector'],
    }),
    election:
      dryRun || !settings['lease.enabled']
        ? null
        : electionOf(options, { transport, namespace, identity }),
    events: dryRun ? null : createEventRecorder({ transport, clock, log, instance: identity }),
  };
}

function electionOf(
  { settings, clock, log, leaseAnnotations }: ClusterOptions,
  { transport, namespace, identity }: Pick<Cluster, 'transport' | 'namespace' | 'identity'>,
): LeaderElection {
  const renewDeadlineMs = settings['lease.renew-deadline'];
  const store = createLeaseStore({
    transport,
    namespace,
    name: settings['lease.name'],
    durationMs: settings['lease.duration'],
    // So that a second try fits into the deadline when the first meets a dead connection.
    timeoutMs: Math.max(250, Math.min(5_000, renewDeadlineMs / 2)),
  });
  return createLeaderElection({
    store,
    clock,
    log,
    identity,
    leaseDurationMs: settings['lease.duration'],
    renewDeadlineMs,
    retryPeriodMs: settings['lease.retry-period'],
    annotations: leaseAnnotations,
  });
}
