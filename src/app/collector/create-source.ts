import { processEnvironment, threadPoolSize } from '../../config/environment.ts';
import type { Settings } from '../../config/options.ts';
import { chooseSource } from '../../gpu/choose-source.ts';
import { createDcgmSource } from '../../gpu/dcgm-source.ts';
import { createNvidiaSmiSource } from '../../gpu/nvidia-smi-source.ts';
import { createNvmlSource } from '../../gpu/nvml-source.ts';
import { checkReplayFiles, createReplaySource } from '../../gpu/replay-source.ts';
import { createSimulatedSource } from '../../gpu/simulated-source.ts';
import type { GpuSource } from '../../gpu/source.ts';
import type { Clock } from '../../lib/clock.ts';
import { UsageError } from '../../lib/errors.ts';
import type { Logger } from '../../lib/logger.ts';

type SourceSettings = Settings<'collector' | 'standalone'>;

interface SourceParts {
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Files that the settings name and that do not change by waiting.
 * @throws {SourceError} `bad_file` for a recording that is not there or cannot be read
 */
export async function checkSourceFiles(settings: SourceSettings): Promise<void> {
  if (settings.source === 'replay') await checkReplayFiles(settings['replay.files'] ?? []);
}

/**
 * The source that the settings ask for, not yet opened.
 * @throws {UsageError} when something that this source needs is not set
 */
export function createSource(settings: SourceSettings, { clock, log }: SourceParts): GpuSource {
  const dcgmUrl = settings['dcgm.url'];
  return chooseSource({
    requested: settings.source,
    log,
    factories: {
      nvml: () =>
        createNvmlSource({
          library: settings['nvml.library'] ?? undefined,
          callDeadlineMs: settings['nvml.call-timeout'],
          maxHungCalls: Math.max(1, threadPoolSize(processEnvironment()) - spareThreads),
          procRoot: settings['path.procfs'],
          pollMeanMs: settings['sampling.interval'],
          clock,
          logger: log,
        }),
      'nvidia-smi': () =>
        createNvidiaSmiSource({
          command: settings['nvidia-smi.command'],
          timeoutMs: settings['nvidia-smi.timeout'],
          procRoot: settings['path.procfs'],
          sysRoot: settings['path.sysfs'],
          clock,
          log,
        }),
      ...(dcgmUrl === null
        ? {}
        : {
            dcgm: () =>
              createDcgmSource({
                url: dcgmUrl,
                intervalMs: settings['dcgm.interval'],
                timeoutMs: dcgmTimeoutMs,
                clock,
              }),
          }),
      replay: () => createReplay(settings, clock),
      simulated: () =>
        createSimulatedSource({
          gpus: settings['simulated.gpus'],
          workloads: settings['simulated.workloads'],
          seed: settings['simulated.seed'],
          clock,
        }),
    },
  });
}

function createReplay(settings: SourceSettings, clock: Clock): GpuSource {
  const files = settings['replay.files'];
  if (files === null || files.length === 0) {
    throw new UsageError('there is nothing to replay', {
      hint: "Name the recordings: --replay.files 'recordings/*.csv'.",
    });
  }
  return createReplaySource({
    files,
    speed: settings['replay.speed'],
    loop: settings['replay.loop'],
    clock,
  });
}

/** Threads of libuv's pool that stay for files and name look-ups while all others hang in the driver. */
const spareThreads = 2;

/** A dcgm-exporter on the same node answers in milliseconds. */
const dcgmTimeoutMs = 5_000;
