import { lowerBound } from '../../lib/lower-bound.ts';
import type { ChannelName, ChannelSamples } from '../source.ts';
import type { Trace, TraceChannel } from './trace.ts';

export interface PlaybackOptions {
  readonly trace: Trace;
  /** Wall clock of the first sample, ms. */
  readonly startMs: number;
  /** Nothing before this moment is brought. */
  readonly fromMs: number;
  /** Trace seconds per real second. */
  readonly speed: number;
  readonly loop: boolean;
}

export interface Played {
  readonly samples: Partial<Record<ChannelName, ChannelSamples>>;
  /** True when the trace is over and does not repeat. */
  readonly ended: boolean;
  /** What the recording says of a GPU that was gone at this moment of it; null: it was there. */
  readonly lost: string | null;
}

/** As a driver's ring: what a reader did not fetch in time is lost. Samples per channel and read. */
const ringCapacity = 20_000;

/**
 * Plays a trace on the wall clock: each call brings every sample since the last one, stamped with the moment at which it is due.
 * Repetitions join at the usual spacing of the samples.
 */
export function createPlayback(options: PlaybackOptions): (nowMs: number) => Played {
  const { trace, startMs, fromMs, speed, loop } = options;
  // A sample that is due at this very moment counts.
  let doneSeconds = ((fromMs - startMs) / 1000) * speed - 1e-9;
  return (nowMs) => {
    const untilSeconds = ((nowMs - startMs) / 1000) * speed;
    const samples: Partial<Record<ChannelName, ChannelSamples>> = {};
    for (const [name, channel] of Object.entries(trace.channels)) {
      const due = dueSamples(channel, trace.lengthSeconds, { doneSeconds, untilSeconds, loop });
      if (due.seconds.length === 0) continue;
      samples[name as ChannelName] = {
        timesMs: due.seconds.map((seconds) => startMs + (seconds / speed) * 1000),
        values: due.values,
      };
    }
    doneSeconds = Math.max(doneSeconds, untilSeconds);
    const inTrace = loop ? untilSeconds % trace.lengthSeconds : untilSeconds;
    const lost = trace.losses.find(
      ({ fromSeconds, toSeconds }) => inTrace > fromSeconds && inTrace < toSeconds,
    );
    return {
      samples,
      lost: lost?.text ?? null,
      ended: !loop && untilSeconds >= trace.lengthSeconds,
    };
  };
}

/** The samples in (doneSeconds, untilSeconds] of the repeated trace, newest `ringCapacity` at most. */
function dueSamples(
  channel: TraceChannel,
  lengthSeconds: number,
  span: { doneSeconds: number; untilSeconds: number; loop: boolean },
): { seconds: number[]; values: number[] } {
  const { doneSeconds, untilSeconds, loop } = span;
  const seconds: number[] = [];
  const values: number[] = [];
  const lastRound = loop ? Math.floor(untilSeconds / lengthSeconds) : 0;
  for (let round = lastRound; round >= 0; round -= 1) {
    const offset = round * lengthSeconds;
    if (offset + lengthSeconds <= doneSeconds || seconds.length >= ringCapacity) break;
    // Behind the last one that is due.
    let end = lowerBound(channel.seconds, untilSeconds - offset);
    while (end < channel.seconds.length && offset + channel.seconds[end]! <= untilSeconds) end += 1;
    for (let index = end - 1; index >= 0; index -= 1) {
      const at = offset + channel.seconds[index]!;
      if (at <= doneSeconds || seconds.length >= ringCapacity) break;
      seconds.push(at);
      values.push(channel.values[index]!);
    }
  }
  return { seconds: seconds.toReversed(), values: values.toReversed() };
}
