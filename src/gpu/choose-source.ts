import { messageOf, UsageError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { SourceError } from './source.ts';
import type { GpuDevice, GpuSource, SourceErrorCode, SourceKind } from './source.ts';

/** How to make each source; absent where it is not configured (dcgm without a URL). Making one does nothing yet: open does. */
export type SourceFactories = Readonly<Partial<Record<SourceKind, () => GpuSource>>>;

export interface ChooseSourceOptions {
  readonly requested: 'auto' | SourceKind;
  readonly factories: SourceFactories;
  readonly log: Logger;
}

/** Tried in this order by `auto`. Recordings and simulations are no GPUs: they are used only when they are asked for. */
export const automaticKinds = ['nvml', 'nvidia-smi', 'dcgm'] as const satisfies SourceKind[];

/**
 * The source that was asked for. For `auto` one whose every open tries nvml, nvidia-smi and dcgm (where there is a factory) and becomes the first
 * that works, so that a driver which appears later is found; its `kind` is then that one's. When none works open fails with the reason of each.
 * @throws {UsageError} when the requested source has no factory.
 */
export function chooseSource({ requested, factories, log }: ChooseSourceOptions): GpuSource {
  if (requested === 'auto') return createAutomaticSource(factories, log);
  const create = factories[requested];
  if (!create) {
    throw new UsageError(`the source ${requested} is not configured`, {
      hint:
        requested === 'dcgm'
          ? 'Give the metrics page of dcgm-exporter with --dcgm.url.'
          : 'Choose another --source.',
    });
  }
  return create();
}

interface Failure {
  readonly kind: SourceKind;
  readonly error: SourceError;
}

function createAutomaticSource(factories: SourceFactories, log: Logger): GpuSource {
  const made = new Map<SourceKind, GpuSource>();
  let chosen: GpuSource | null = null;

  const sourceOf = (kind: SourceKind): GpuSource | undefined => {
    const source = made.get(kind) ?? factories[kind]?.();
    if (source) made.set(kind, source);
    return source;
  };

  const current = (): GpuSource => {
    if (!chosen) throw new SourceError('driver_error', 'no source is open');
    return chosen;
  };

  return {
    get kind() {
      return chosen?.kind ?? automaticKinds[0];
    },
    get simulated() {
      return chosen?.simulated ?? false;
    },
    get hung() {
      // A source that was given up may have left a call in the driver.
      return [...made.values()].some((source) => source.hung);
    },
    get longestCallMs() {
      const sources = automaticKinds.flatMap((kind) => sourceOf(kind) ?? []);
      const open = sources.reduce((sumMs, { longestCallMs }) => sumMs + longestCallMs.open, 0);
      return { open, read: chosen?.longestCallMs.read ?? open };
    },
    open: async (signal) => {
      chosen = null;
      const failures: Failure[] = [];
      for (const kind of automaticKinds) {
        const source = sourceOf(kind);
        if (!source) continue;
        try {
          const devices = await openWithGpus(source, signal);
          chosen = source;
          log.info(
            { source: kind, gpus: devices.length, ...passedOver(failures) },
            'source chosen',
          );
          return devices;
        } catch (error) {
          await source.close().catch(() => undefined);
          if (signal.aborted) throw error;
          failures.push({ kind, error: asSourceError(error) });
        }
      }
      throw noneWorks(failures);
    },
    cadence: () => current().cadence(),
    read: (tier, signal) => current().read(tier, signal),
    close: async () => {
      const open = chosen;
      chosen = null;
      await open?.close();
    },
  };
}

async function openWithGpus(source: GpuSource, signal: AbortSignal): Promise<readonly GpuDevice[]> {
  const devices = await source.open(signal);
  if (devices.length > 0) return devices;
  throw new SourceError('no_gpu', 'no GPU found', {
    hint: 'Check that a GPU is installed and visible here (lspci, NVIDIA_VISIBLE_DEVICES).',
  });
}

function passedOver(failures: readonly Failure[]): Record<string, string> {
  return Object.fromEntries(
    failures.map(({ kind, error }) => [`without-${kind}`, `${error.code}: ${messageOf(error)}`]),
  );
}

/** What says least about the machine: the tool is not there. */
const uninformative: readonly SourceErrorCode[] = ['library_missing', 'command_missing'];

function noneWorks(failures: readonly Failure[]): SourceError {
  const telling = failures.find(({ error }) => !uninformative.includes(error.code));
  const list = failures.map(({ kind, error }) => {
    const hint = error.hint === undefined ? '' : ` (${error.hint})`;
    return `${kind}: ${messageOf(error)}${hint}`;
  });
  const soon = failures.flatMap(({ error }) => error.retryWithinMs ?? []);
  return new SourceError(
    telling?.error.code ?? 'no_gpu',
    `no GPU can be read. ${list.join('; ')}`,
    {
      hint: 'Fix one of these, or show recorded or simulated GPUs with --source replay or --source simulated.',
      fatal: failures.some(({ error }) => error.fatal),
      ...(soon.length > 0 && { retryWithinMs: Math.min(...soon) }),
      cause: telling?.error,
    },
  );
}

function asSourceError(error: unknown): SourceError {
  return error instanceof SourceError
    ? error
    : new SourceError('driver_error', messageOf(error), { cause: error });
}
