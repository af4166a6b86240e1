import type { PublishedVerdict } from '../analysis/verdict.ts';
import type { GpuHolders } from '../attribution/gpu-holders.ts';
import type { Settings } from '../config/options.ts';
import { families } from '../exposition/catalogue.ts';
import { Exposition } from '../exposition/exposition.ts';
import { endProcess } from '../gpu/end-process.ts';
import type { GpuSource, SourceError } from '../gpu/source.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { GpuHistory } from '../sampling/gpu-record.ts';
import { Sampler } from '../sampling/sampler.ts';
import type { Snapshot } from '../sampling/snapshot.ts';
import type { WebAccess } from '../web/access.ts';
import { healthRoutes } from '../web/health.ts';
import type { Route } from '../web/route.ts';
import { WebServer, type BoundAddress } from '../web/server.ts';
import type { AppContext } from './app-context.ts';
import { checkSourceFiles, createSource } from './collector/create-source.ts';
import { EventLoopDelay } from './collector/event-loop-delay.ts';
import { metricsRoute } from './collector/metrics-route.ts';
import { NodeHardware } from './collector/node-hardware.ts';
import { PodAttribution } from './collector/pod-attribution.ts';
import { readinessProblems, staleExposition } from './collector/readiness.ts';
import { VerdictLoop } from './collector/verdict-loop.ts';
import { familyFilterOf } from './family-filter.ts';
import { processFigures } from './process-figures.ts';
import { followWebAccess, readWebAccess } from './web-access.ts';

/** After a failure that only a new container heals: time for a scrape to see why, before the process ends. */
const fatalLingerMs = 30_000;

/** Runs the collector until the signal aborts: exit code 0; 1 when only a new process or container can help the source. */
export async function runCollector(context: AppContext<'collector'>): Promise<number> {
  const { settings, clock, log, version, signal } = context;
  const source = createSource(settings, { clock, log });
  await checkSourceFiles(settings);
  context.registerHardEnd({ needed: () => source.hung, end: endProcess });
  const collector = new Collector({
    settings,
    access: await readWebAccess(settings['web.config.file']),
    source,
    analysis: settings['analysis.enabled'],
    clock,
    log,
    version,
  });
  const bound = await collector.start();
  log.info({ address: bound.text, url: bound.url, node: settings['node-name'] }, 'listening');
  const stopped = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  const fatal = await Promise.race([stopped, collector.fatal]);
  if (fatal !== null) {
    log.error(
      { err: fatal, hint: fatal.hint, endsInMs: fatalLingerMs },
      'ending soon: only a new process or container can help',
    );
    await clock.sleep(fatalLingerMs, signal);
  }
  await collector.stop();
  log.info({}, 'stopped');
  return fatal === null ? 0 : 1;
}

export interface CollectorOptions {
  readonly settings: Settings<'collector' | 'standalone'>;
  readonly access: WebAccess;
  readonly source: GpuSource;
  /** Decide usage patterns here. */
  readonly analysis: boolean;
  readonly clock: Clock;
  readonly log: Logger;
  readonly version: string;
}

/** Reads GPUs, decides patterns, serves /metrics and health; the collector as a part, for `collector` and `standalone`. */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #stop = new AbortController();
  readonly #server: WebServer;
  readonly #sampler: Sampler;
  readonly #verdictLoop: VerdictLoop | null;
  readonly #pods: PodAttribution;
  readonly #hardware: NodeHardware;
  readonly #exposition: Exposition;
  readonly #delay: EventLoopDelay;
  readonly #roundListeners = new Set<() => void>();
  #fatal: SourceError | null = null;
  #onFatal: (error: SourceError) => void = () => undefined;
  #loops: Promise<unknown> = Promise.resolve();

  /** Resolves when the source says that only a new process or container can help; the collector goes on serving why. */
  readonly fatal: Promise<SourceError>;

  constructor(options: CollectorOptions) {
    const { settings, source, clock, log } = options;
    this.#options = options;
    this.fatal = new Promise((resolve) => {
      this.#onFatal = resolve;
    });
    this.#sampler = new Sampler({
      source,
      requested: settings.source,
      clock,
      log,
      historyMs: settings['sampling.history'],
      windowMs: settings['metrics.window'],
      onFatal: (error) => {
        this.#fatal = error;
        this.#onFatal(error);
      },
    });
    this.#delay = new EventLoopDelay(clock);
    this.#verdictLoop = options.analysis ? this.#createVerdictLoop() : null;
    this.#pods = new PodAttribution({ settings, clock, log });
    this.#hardware = new NodeHardware({
      procRoot: settings['path.procfs'],
      sysRoot: settings['path.sysfs'],
      clock,
      log,
    });
    this.#exposition = this.#createExposition();
    this.#server = new WebServer({ log, access: options.access });
    this.#server.add(metricsRoute(this.#exposition), ...healthRoutes(this.#health()));
  }

  /**
   * Listens, then begins to read. It starts without a GPU or a driver too, and says why there are no values.
   * @throws {ListenError} when the address cannot be had
   */
  async start(): Promise<BoundAddress> {
    const { settings, access, clock, log } = this.#options;
    const bound = await this.#server.listen(settings['web.listen-address']);
    const { signal } = this.#stop;
    this.#exposition.refresh();
    this.#sampler.onSnapshot(() => this.#exposition.refresh());
    this.#sampler.start();
    this.#loops = Promise.all([
      this.#delay.run(signal),
      this.#verdictLoop?.run(signal),
      this.#pods.run(signal),
      this.#hardware.run(signal),
      followWebAccess(settings['web.config.file'], this.#server, access, { clock, log, signal }),
    ]);
    return bound;
  }

  /** Takes no more connections, ends what is under way. Does not wait for a driver call that hangs. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all([this.#server.close(), this.#sampler.stop(), this.#loops]);
  }

  snapshot(): Snapshot {
    return this.#sampler.snapshot();
  }

  /** Called with each snapshot, once a second. Returns how to leave. */
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void {
    return this.#sampler.onSnapshot(listener);
  }

  /** Samples of one GPU in the last `seconds`, by channel; null when there is no such GPU. */
  history(uuid: string, seconds: number): GpuHistory | null {
    return this.#sampler.history(uuid, seconds);
  }

  /** What is said now, by verdictKey; a GPU about which nothing is said is absent. */
  verdicts(): ReadonlyMap<string, PublishedVerdict> {
    return this.#verdictLoop?.verdicts ?? new Map<string, PublishedVerdict>();
  }

  /** Which container holds which GPU, as the kubelet says. */
  holders(): GpuHolders {
    return this.#pods.holders(this.snapshot().gpus.map(({ device }) => device));
  }

  /** Called after each round of analysis. Returns how to leave. */
  onVerdicts(listener: () => void): () => void {
    this.#roundListeners.add(listener);
    return () => this.#roundListeners.delete(listener);
  }

  addRoutes(...routes: readonly Route[]): void {
    this.#server.add(...routes);
  }

  #createVerdictLoop(): VerdictLoop {
    const { settings, clock, log } = this.#options;
    return new VerdictLoop({
      sampler: this.#sampler,
      clock,
      log,
      intervalMs: settings['analysis.interval'],
      historyMs: settings['sampling.history'],
      onRound: () => {
        for (const listener of this.#roundListeners) listener();
      },
    });
  }

  #createExposition(): Exposition {
    const { settings, clock, log, version } = this.#options;
    return new Exposition({
      node: settings['node-name'],
      dialects: settings['metrics.dialects'],
      filter: familyFilterOf(settings, families),
      clock,
      log,
      observe: () => ({
        snapshot: this.snapshot(),
        verdicts: this.verdicts(),
        holders: this.holders().byUuid,
      }),
      observeSelf: () => ({
        snapshot: this.snapshot(),
        timeMs: clock.now(),
        version,
        nodejsVersion: process.version,
        windowMs: settings['metrics.window'],
        process: processFigures(this.#delay.takeMaxMs()),
        analysis: this.#verdictLoop?.figures ?? null,
        podResources: this.#pods.status(),
        unmappedDevices: this.holders().unmapped,
      }),
    });
  }

  #health(): Parameters<typeof healthRoutes>[0] {
    return {
      live: () =>
        this.#fatal === null ? [] : [{ code: this.#fatal.code, detail: this.#fatal.message }],
      ready: () => [
        ...readinessProblems(this.snapshot(), this.#hardware),
        ...staleExposition(this.#exposition.ageMs()),
      ],
    };
  }
}
