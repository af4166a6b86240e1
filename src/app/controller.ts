import { createController, type Controller } from '../controller/controller.ts';
import { createDryRun } from '../controller/dry-run.ts';
import { livenessProblems, readinessProblems, type ControllerState } from '../controller/health.ts';
import { isOurKey } from '../controller/annotation-keys.ts';
import { heartbeat } from '../controller/heartbeat.ts';
import { createNodeSender } from '../controller/node-sender.ts';
import { ControllerExposition, controllerCatalogue } from '../exposition/controller-exposition.ts';
import { formatFor } from '../exposition/accept.ts';
import type { EventObject } from '../kubernetes/event-recorder.ts';
import { healthRoutes } from '../web/health.ts';
import type { QueryCosts } from '../prometheus/query-costs.ts';
import type { WebAccess } from '../web/access.ts';
import { WebServer } from '../web/server.ts';
import type { AppContext } from './app-context.ts';
import { EventLoopDelay } from './collector/event-loop-delay.ts';
import { createCluster, type Cluster } from './controller/cluster.ts';
import { controllerObservation } from './controller/observation.ts';
import { freeTerm, runOnce } from './controller/once.ts';
import { createUsage } from './controller/usage-source.ts';
import { familyFilterOf } from './family-filter.ts';
import { followWebAccess, readWebAccess } from './web-access.ts';

type Context = AppContext<'controller'>;

interface Parts {
  readonly cluster: Cluster;
  readonly controller: Controller;
  readonly costs: () => QueryCosts;
}

/** The controller: watches nodes, elects a leader, and cycles as long as it leads; or one cycle with --once. */
export async function runController(context: Context): Promise<number> {
  const { settings, clock, log, signal } = context;
  const usage = createUsage(settings, clock);
  let controller: Controller | null = null;
  const cluster = await createCluster({
    ...context,
    leaseAnnotations: () => heartbeat(controller?.status().lastReadMs ?? null),
  });
  controller = buildController(context, cluster, usage.source);
  const parts: Parts = { cluster, controller, costs: () => usage.client.costs() };
  const stop = new AbortController();
  const running = AbortSignal.any([signal, stop.signal]);
  const reflecting = cluster.reflector.run(running);
  try {
    if (!settings.once) return await runLoop(context, parts);
    const leasePatienceMs = settings['lease.duration'] + 2 * settings['lease.retry-period'];
    return await runOnce({ ...parts, clock, log, signal, leasePatienceMs });
  } finally {
    stop.abort();
    await reflecting;
    cluster.transport.close();
    usage.client.close();
  }
}

function buildController(
  { settings, clock, log, stdout }: Context,
  cluster: Cluster,
  source: ReturnType<typeof createUsage>['source'],
): Controller {
  const { reflector, transport, events, election, namespace } = cluster;
  const dryRun = settings['dry-run'] ? createDryRun(reflector, (line) => stdout.write(line)) : null;
  const lease = (): EventObject | null => {
    const uid = election?.status().leaseUid ?? null;
    const name = settings['lease.name'];
    return uid === null
      ? null
      : { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', name, namespace, uid };
  };
  return createController({
    clock,
    log,
    source,
    reflector: dryRun?.reflector ?? reflector,
    sender: dryRun?.sender ?? createNodeSender(transport, reflector, isOurKey),
    events,
    self: lease,
    intervalMs: settings.interval,
    ttlMs: settings.ttl,
    windowMs: settings.window,
    writesPerSecond: settings['writes-per-second'],
    writesInFlight: settings['writes-in-flight'],
  });
}

async function runLoop(context: Context, parts: Parts): Promise<number> {
  const { settings, log, signal } = context;
  const { cluster, controller } = parts;
  const delay = new EventLoopDelay(context.clock);
  const access = await readWebAccess(settings['web.config.file']);
  const server = webServer(context, parts, delay, access);
  const bound = await server.listen(settings['web.listen-address']);
  log.info(
    {
      address: bound.text,
      url: bound.url,
      apiServer: cluster.server,
      prometheus: settings['prometheus.url'],
      identity: cluster.identity,
      dryRun: settings['dry-run'],
    },
    'controller started',
  );
  const background = Promise.all([
    delay.run(signal),
    followWebAccess(settings['web.config.file'], server, access, context),
  ]);
  try {
    if (cluster.election === null) await controller.lead(freeTerm(signal));
    else await cluster.election.run(signal, (term) => controller.lead(term));
  } finally {
    await Promise.all([server.close(), background]);
  }
  return 0;
}

function webServer(
  context: Context,
  { cluster, controller, costs }: Parts,
  delay: EventLoopDelay,
  access: WebAccess,
): WebServer {
  const { settings, log, version } = context;
  const { reflector, election, events } = cluster;
  const state = (): ControllerState => ({
    controller: controller.status(),
    reflector: reflector.status(),
    election: election?.status() ?? null,
    intervalMs: settings.interval,
    leaseDurationMs: settings['lease.duration'],
  });
  const filter = familyFilterOf(settings, controllerCatalogue);
  const exposition = new ControllerExposition(filter, () =>
    controllerObservation({
      version,
      eventLoopDelayMaxMs: delay.takeMaxMs(),
      controller: controller.status(),
      reflector: reflector.status(),
      nodes: reflector.nodes().size,
      election: election?.status() ?? null,
      events: events?.status() ?? null,
      costs: costs(),
    }),
  );
  const server = new WebServer({ log, access });
  server.add(
    ...healthRoutes({
      live: () => livenessProblems(state()),
      ready: () => readinessProblems(state()),
    }),
    {
      path: '/metrics',
      description: "the controller's own metrics for Prometheus",
      handle: async ({ headers }) => {
        const { body, contentType } = await exposition.scrape(formatFor(headers.accept));
        return { status: 200, headers: { 'content-type': contentType }, body };
      },
    },
  );
  return server;
}
