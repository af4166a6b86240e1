import type { Clock } from '../lib/clock.ts';
import { systemClock } from '../lib/clock.ts';
import { UsageError } from '../lib/errors.ts';
import { samplesOf } from './point-samples.ts';
import { loadCards } from './replay/cards.ts';
import type { ReplayCard } from './replay/cards.ts';
import { findReplayFiles } from './replay/files.ts';
import { createPlayback } from './replay/playback.ts';
import type { Played } from './replay/playback.ts';
import type { ChannelName, GpuSource, GpuUpdate, ReadingName } from './source.ts';

export interface ReplaySourceOptions {
  /** Paths or glob patterns (each may be a comma-separated list), `FILE#FROM-TO` for a part in seconds: each trace is a GPU. */
  readonly files: readonly string[];
  /** Trace seconds per second, above 0. Default 1. */
  readonly speed?: number | undefined;
  /** Start again at the end; default true. Without it a GPU goes down as stale when its trace is over. */
  readonly loop?: boolean | undefined;
  readonly clock?: Clock | undefined;
}

interface Player {
  readonly card: ReplayCard;
  readonly play: (nowMs: number) => Played;
}

const cadence = { usage: { meanMs: 1_000, randomised: false }, memory: null, slow: null } as const;

/**
 * Reads the recordings once, so that a name that nothing answers to ends a start: waiting will not bring it.
 * @throws {SourceError} `bad_file`, as open() would each time.
 */
export async function checkReplayFiles(files: readonly string[]): Promise<void> {
  await loadCards(await findReplayFiles(files));
}

/**
 * Plays recordings as GPUs: traces (CSV with `t_s`) and logs of nvidia-smi (packed by gzip or not) sample by sample at their own rate, like a driver's ring that is drained once a second;
 * captures of nvidia-smi as a still picture. Time begins at the first open.
 * @throws {UsageError} for a speed that is not above 0.
 */
export function createReplaySource(options: ReplaySourceOptions): GpuSource {
  const clock = options.clock ?? systemClock;
  const speed = options.speed ?? 1;
  if (!(speed > 0 && Number.isFinite(speed))) {
    throw new UsageError(`cannot replay at speed ${speed}`, {
      hint: 'Give --replay.speed a number above 0, for example 10 for ten times as fast.',
    });
  }
  let players: readonly Player[] = [];
  let start: { readonly wallMs: number; readonly monotonicMs: number } | undefined;
  return {
    kind: 'replay',
    simulated: true,
    hung: false,
    // Large recordings take a while to read.
    longestCallMs: { open: 60_000, read: 1_000 },
    open: async () => {
      const cards = await loadCards(await findReplayFiles(options.files));
      start ??= { wallMs: clock.now(), monotonicMs: clock.monotonicMs() };
      const startMs = start.wallMs;
      const fromMs = startMs + clock.monotonicMs() - start.monotonicMs;
      const loop = options.loop ?? true;
      players = cards.map((card) => ({
        card,
        play:
          card.kind === 'trace'
            ? createPlayback({ trace: card.trace, startMs, fromMs, speed, loop })
            : () => ({ samples: {}, ended: false, lost: null }),
      }));
      return cards.map(({ device }) => device);
    },
    cadence: () => cadence,
    read: () => {
      if (!start) return Promise.resolve({ updates: [] });
      // The wall clock may jump; the recording runs on.
      const nowMs = start.wallMs + clock.monotonicMs() - start.monotonicMs;
      return Promise.resolve({ updates: players.map((player) => readPlayer(player, nowMs)) });
    },
    close: () => Promise.resolve(),
  };
}

function readPlayer({ card, play }: Player, nowMs: number): GpuUpdate {
  const { uuid } = card.device;
  if (card.kind === 'still') return readStill(card, nowMs);
  const { samples, ended, lost } = play(nowMs);
  if (ended && Object.keys(samples).length === 0) {
    return { uuid, status: { up: false, reason: 'stale', detail: 'the recording is over' } };
  }
  if (lost !== null && Object.keys(samples).length === 0) {
    return { uuid, status: { up: false, reason: 'gpu_lost', detail: lost.slice(0, 200) } };
  }
  return { uuid, status: { up: true }, samples, readings: newestOf(samples) };
}

const readingOf: Readonly<Record<ChannelName, { name: ReadingName; perUnit: number }>> = {
  util: { name: 'utilPercent', perUnit: 1 },
  memCopy: { name: 'memCopyPercent', perUnit: 1 },
  memUsed: { name: 'memoryUsedBytes', perUnit: 2 ** 20 },
  power: { name: 'powerWatts', perUnit: 1 },
};

function newestOf(samples: Played['samples']): Partial<Record<ReadingName, number>> {
  const readings: Partial<Record<ReadingName, number>> = {};
  for (const [channel, { values }] of Object.entries(samples)) {
    const newest = values.at(-1);
    const { name, perUnit } = readingOf[channel as ChannelName];
    if (newest !== undefined) readings[name] = newest * perUnit;
  }
  return readings;
}

function readStill(card: Extract<ReplayCard, { kind: 'still' }>, nowMs: number): GpuUpdate {
  const { uuid } = card.device;
  const { status, readings, missing, processes } = card.record;
  if (!status.up) return { uuid, status };
  return {
    uuid,
    status,
    readings,
    missing,
    samples: samplesOf(readings, nowMs),
    ...(processes && { processes }),
  };
}
