import { createLogger, type Logger } from '../lib/logger.ts';
import { endProcess } from '../gpu/end-process.ts';
import type { GpuSource } from '../gpu/source.ts';
import type { AppContext } from './app-context.ts';
import { Collector } from './collector.ts';
import { checkSourceFiles, createSource } from './collector/create-source.ts';
import { apiRoutes } from './standalone/api.ts';
import { meanBins } from './standalone/bins.ts';
import { cycleLoop, type CycleLoopEnd } from './standalone/cycle-loop.ts';
import { MinuteHistory } from './standalone/minute-history.ts';
import { Observer, type Observation } from './standalone/observation.ts';
import { liveOutput } from './standalone/live-output.ts';
import { createOnceProgress, type OnceProgress } from './standalone/once-progress.ts';
import {
  jsonOutput,
  onceOutput,
  plainOutput,
  type Frame,
  type Output,
} from './standalone/output.ts';
import { pageRoutes } from './standalone/page-routes.ts';
import { StateHistory } from './standalone/state-history.ts';
import { withSimulatedFallback } from './standalone/simulated-fallback.ts';
import { readWebAccess } from './web-access.ts';

type Context = AppContext<'standalone'>;

/** How far back the sparkline looks. */
const sparklineSeconds = 120;
/** How long ago the newest reading of a slow tier may be. */
const momentSeconds = 40;
/** How far back the minute lies that is averaged now. */
const minuteReachSeconds = 200;

/**
 * Collector and analysis in one process, without Prometheus or a cluster. Resolves to the exit code: 0; 1 when `--once`
 * ended before every GPU had a verdict, or when the source says that only a new process can help.
 */
export async function runStandalone(context: Context): Promise<number> {
  const { settings, clock } = context;
  const output = chooseOutput(context);
  const log = logThrough(context, output);
  let fallbackReason = '';
  const source = chooseStandaloneSource(context, log, (reason) => {
    fallbackReason = reason;
  });
  await checkSourceFiles(settings);
  context.registerHardEnd({
    needed: () => source.hung,
    end: endProcess,
  });
  const collector = new Collector({
    settings,
    access: await readWebAccess(settings['web.config.file']),
    source,
    analysis: true,
    clock,
    log,
    version: context.version,
  });
  const observer = new Observer();
  const observe = (): Observation =>
    observer.observe(collector.snapshot(), collector.verdicts(), collector.holders(), (uuid) =>
      collector.history(uuid, momentSeconds),
    );
  const states = new StateHistory();
  const minutes = new MinuteHistory();
  collector.onSnapshot(({ timeMs, gpus }) => {
    states.record(timeMs, observe().gpus);
    const uuids = gpus.map(({ device }) => device.uuid);
    minutes.record(timeMs / 1000, uuids, (uuid) => collector.history(uuid, minuteReachSeconds));
  });
  const pages = pageRoutes();
  collector.addRoutes(
    ...apiRoutes({
      node: settings['node-name'],
      now: () => clock.now(),
      historySeconds: Math.floor(settings['sampling.history'] / 1000),
      snapshot: () => collector.snapshot(),
      observe,
      fallbackReason: () => fallbackReason,
      history: (uuid, seconds) => collector.history(uuid, seconds),
      minutes,
      states,
    }),
    ...pages,
  );
  const bound = await collector.start();
  log.info({ address: bound.text, url: bound.url }, 'listening');
  if (pages.length === 0) {
    log.warn({ hint: 'npm run build makes it' }, 'the page with live plots is not built');
  }
  const frame = (): Frame => ({
    snapshot: collector.snapshot(),
    gpus: observe().gpus,
    utilSeconds: (uuid) => utilSeconds(collector, uuid, clock.now()),
    url: bound.url,
    address: bound.text,
    fallbackReason,
  });
  try {
    const end = await cycleLoop({
      collector,
      output,
      frame,
      decide: () => observer.decide(collector.snapshot(), collector.verdicts()),
      once: settings.once,
      durationMs: settings.duration,
      clock,
      signal: context.signal,
    });
    return exitCodeOf(end, log);
  } finally {
    await collector.stop();
    output.end();
  }
}

function chooseOutput(context: Context): Output {
  const { settings, stdout, stderr, keys, clock } = context;
  if (settings.once) {
    const startedMs = clock.monotonicMs();
    const progress = createOnceProgress(
      stderr,
      settings.duration,
      () => clock.monotonicMs() - startedMs,
    );
    return withProgress(
      steadyOutput(context, (line) => progress.log(line)),
      progress,
    );
  }
  if (settings.json || !stdout.isTTY) return steadyOutput(context, (line) => stderr.write(line));
  // As Ctrl-C does where a terminal makes signals of keys: a second one ends at once.
  const quit = (): void => void process.kill(process.pid, 'SIGINT');
  return liveOutput({ stdout, stderr, keys, quit });
}

/** What is written stays. */
function steadyOutput({ settings, stdout }: Context, log: (line: string) => void): Output {
  if (settings.json) return jsonOutput(stdout, log);
  return stdout.isTTY ? onceOutput(stdout, log) : plainOutput(stdout, log);
}

function withProgress(output: Output, progress: OnceProgress): Output {
  return {
    ...output,
    tick: ({ gpus }) => progress.tick(gpus),
    cycle: (frame) => {
      progress.end();
      output.cycle(frame);
    },
    end: () => progress.end(),
  };
}

/** Where log and output share a terminal, the output decides where a line of the log goes. */
function logThrough({ settings, stderr, log }: Context, output: Output): Logger {
  if (!stderr.isTTY) return log;
  const { 'log.level': level, 'log.format': format } = settings;
  return createLogger({ level, format, write: (line) => output.log(line) });
}

function chooseStandaloneSource(
  { settings, clock }: Context,
  log: Logger,
  onFallback: (reason: string) => void,
): GpuSource {
  const real = createSource(settings, { clock, log });
  if (settings.source !== 'auto') return real;
  const simulate = (): GpuSource =>
    createSource({ ...settings, source: 'simulated' }, { clock, log });
  return withSimulatedFallback(real, simulate, (error) => {
    onFallback(error.message);
    log.warn({ err: error, hint: error.hint }, 'no GPU found: going on with simulated GPUs');
  });
}

function utilSeconds(
  collector: Collector,
  uuid: string,
  nowMs: number,
): readonly (number | null)[] {
  const start = Math.floor(nowMs / 1000) - sparklineSeconds + 1;
  const channels = collector.history(uuid, sparklineSeconds + 1);
  return meanBins(channels?.util, start, sparklineSeconds);
}

function exitCodeOf(end: CycleLoopEnd, log: Logger): number {
  if (end.why === 'fatal') {
    log.error({ err: end.error, hint: end.error.hint }, 'the source needs a new process');
    return 1;
  }
  if (end.why === 'once-without-verdict') {
    log.warn({ hint: 'give it more time with --duration' }, 'not every GPU has a verdict yet');
    return 1;
  }
  return 0;
}
