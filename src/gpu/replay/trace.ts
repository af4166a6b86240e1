import { lowerBound } from '../../lib/lower-bound.ts';
import { badFile } from '../recording/bad-file.ts';
import { gapsOf } from '../recording/gaps.ts';
import type { RecordedGpu } from '../recording/recorded-gpu.ts';
import type { ChannelName } from '../source.ts';

/** Samples of one channel, oldest first; seconds from the start of the trace. */
export interface TraceChannel {
  readonly seconds: Float64Array | readonly number[];
  readonly values: Float64Array | readonly number[];
}

/** A time in which the recorded GPU was gone, seconds from the start of the trace; both ends have a sample, or are the end of the trace. */
export interface TraceLoss {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly text: string;
}

export interface Trace {
  readonly channels: Readonly<Partial<Record<ChannelName, TraceChannel>>>;
  /** From the first sample to where the first one stands again when the trace is repeated: the last sample plus the usual spacing. */
  readonly lengthSeconds: number;
  readonly losses: readonly TraceLoss[];
}

/** A part of a recording: seconds of `t_s` in a trace, from the first sample in a log. */
export interface Segment {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** The trace of a recorded GPU, or of a part of it, both ends included. @throws {SourceError} `bad_file` without samples */
export function traceOf(gpu: RecordedGpu, file: string, segment?: Segment): Trace {
  const zero = gpu.timeBase === 'unix' ? (spanOf(Object.values(gpu.channels))?.first ?? 0) : 0;
  const cut = Object.entries(gpu.channels).map(([name, { timesSeconds, values }]) => {
    const first = segment ? lowerBound(timesSeconds, zero + segment.fromSeconds) : 0;
    const end = segment ? endOf(timesSeconds, zero + segment.toSeconds) : values.length;
    const part = {
      timesSeconds: timesSeconds.subarray(first, end),
      values: values.subarray(first, end),
    };
    return [name as ChannelName, part] as const;
  });
  const span = spanOf(cut.map(([, part]) => part));
  if (span === null) {
    const hint = 'Check the file, and the segment after # if one is given (seconds).';
    throw badFile({ file }, 'no samples', hint);
  }
  const { first, last, usualStep } = span;
  const channels: Partial<Record<ChannelName, TraceChannel>> = {};
  for (const [name, { timesSeconds, values }] of cut) {
    if (values.length > 0)
      channels[name] = { seconds: timesSeconds.map((at) => at - first), values };
  }
  const lengthSeconds = last - first + usualStep;
  const losses = gpu.interruptions
    .filter(
      ({ kind, fromSeconds }) => kind === 'lost' && fromSeconds >= first && fromSeconds <= last,
    )
    .map(({ fromSeconds, toSeconds, text }) => ({
      fromSeconds: fromSeconds - first,
      toSeconds: toSeconds === null ? lengthSeconds : toSeconds - first,
      text,
    }));
  return { channels, lengthSeconds, losses };
}

interface Span {
  readonly first: number;
  readonly last: number;
  readonly usualStep: number;
}

function spanOf(all: readonly { readonly timesSeconds: Float64Array }[]): Span | null {
  const times = all.map(({ timesSeconds }) => timesSeconds).filter(({ length }) => length > 0);
  if (times.length === 0) return null;
  const longest = times.reduce((most, each) => (each.length > most.length ? each : most));
  const steps = gapsOf(longest)
    .filter((step) => step > 0)
    .sort();
  return {
    first: Math.min(...times.map((each) => each[0]!)),
    last: Math.max(...times.map((each) => each.at(-1)!)),
    usualStep: steps[steps.length >> 1] ?? 1,
  };
}

/** Behind the last sample at or before a moment. */
function endOf(timesSeconds: Float64Array, atSeconds: number): number {
  let end = lowerBound(timesSeconds, atSeconds);
  while (timesSeconds[end] === atSeconds) end += 1;
  return end;
}
