import { analyse } from '../../src/analysis/analyse.ts';
import { nextMemoryMaximum } from '../../src/analysis/forecast/memory.ts';
import { copyLastCycle } from '../../src/analysis/forecast/utilisation.ts';
import { toGrid } from '../../src/analysis/series/grid.ts';
import type { Verdict } from '../../src/analysis/verdict.ts';
import { cut, type Segment, type Trace } from './traces.ts';

export interface TraceFigures {
  /** Whole segments with >= 4 cycles and >= 4 samples per period: share whose period is right within 10 %. */
  resolvableRightShare: number;
  resolvableSegments: number;
  idleCalledCyclic: number;
  idleWindows: number;
  busyOtherCalledCyclic: number;
  busyOtherSegments: number;
  /** Mean over traces of the share of 2 min windows with the right class. */
  classAccuracyPerTrace: number;
  classAccuracyPerWindow: number;
  classWindows: number;
  memoryTooLowShare: number;
  memoryOverAllocation: number;
  memoryWindows: number;
  /** Mean absolute error one cycle ahead over that of the better of last value and mean. */
  cycleAheadRatio: number;
  cycleAheadMae: number;
}

export interface TraceScore {
  readonly figures: TraceFigures;
  /** What was wrong, for people. */
  readonly misses: readonly string[];
}

const windowSeconds = 120;

function isRight(verdict: Verdict, periods: readonly number[]): boolean {
  const found = verdict.cycle?.periodSeconds;
  return found !== undefined && periods.some((period) => Math.abs(found / period - 1) <= 0.1);
}

/** The periods that are known to be in a segment: the labelled one and, from the note, the optimiser step on top of it. */
function knownPeriods(trace: Trace, segment: Segment): number[] {
  const step = /(?:step|period)[^~]*~([\d.]+) s/.exec(trace.note)?.[1];
  return [segment.periodSeconds, step === undefined ? null : Number(step)].filter(
    (p) => p !== null,
  );
}

function isAccepted(trace: Trace, segment: Segment, verdict: Verdict): boolean {
  const { pattern } = verdict;
  switch (segment.pattern) {
    case 'cyclic':
      return pattern === 'cyclic';
    case 'steady':
      // Training labelled steady has iterations that are only sometimes visible.
      return pattern === 'steady' || (trace.job === 'training' && pattern === 'cyclic');
    case 'idle':
      return pattern === 'idle' || pattern === 'alloc-idle';
    case 'bursty':
      return pattern === 'bursty';
    default:
      return pattern === 'others' || pattern === 'bursty';
  }
}

function* windowsOf(segment: Segment, seconds: number): Generator<[number, number]> {
  const { fromSeconds, toSeconds } = segment;
  for (let from = fromSeconds; from + seconds <= toSeconds + 1; from += seconds) {
    yield [from, from + seconds];
  }
}

/** Windows of 2, 5 and 10 min and the whole. */
function* idleWindows(segment: Segment): Generator<[number, number]> {
  for (const seconds of [120, 300, 600, segment.toSeconds - segment.fromSeconds]) {
    yield* windowsOf(segment, seconds);
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function scorePeriods(traces: readonly Trace[], misses: string[]) {
  const right: boolean[] = [];
  const busyOther: boolean[] = [];
  const idle: boolean[] = [];
  for (const trace of traces) {
    for (const segment of trace.segments) {
      const { fromSeconds, toSeconds, periodSeconds } = segment;
      const verdict = analyse(cut(trace, fromSeconds, toSeconds));
      const name = `${trace.name} ${fromSeconds}-${toSeconds}`;
      const periods = knownPeriods(trace, segment);
      const isResolvable =
        periodSeconds !== null &&
        periods.some(
          (period) =>
            (toSeconds - fromSeconds) / period >= 4 && period / trace.samplingSeconds >= 4,
        );
      if (isResolvable) {
        right.push(isRight(verdict, periods));
        if (!right.at(-1)!)
          misses.push(
            `${name}: ${verdict.pattern} ${verdict.cycle?.periodSeconds}, expected ${periods.join(' or ')}`,
          );
      }
      if (segment.pattern === 'idle') {
        for (const [from, to] of idleWindows(segment)) {
          idle.push(analyse(cut(trace, from, to)).pattern === 'cyclic');
        }
      } else if (trace.job !== 'training') {
        busyOther.push(verdict.pattern === 'cyclic');
        if (busyOther.at(-1)!) misses.push(`${name}: ${trace.job} called cyclic`);
      }
    }
  }
  return { right, busyOther, idle };
}

function scoreClasses(traces: readonly Trace[], misses: string[]) {
  const perTrace: number[] = [];
  const all: boolean[] = [];
  for (const trace of traces) {
    const hits: boolean[] = [];
    for (const segment of trace.segments) {
      // A cycle that does not fit three times cannot be seen as one; nor can anything in a window with less than 24 samples.
      const shortest = Math.min(...knownPeriods(trace, segment));
      if (segment.pattern === 'cyclic' && shortest * 3.2 > windowSeconds) continue;
      if (trace.samplingSeconds * 24 > windowSeconds) continue;
      const span = Math.min(windowSeconds, segment.toSeconds - segment.fromSeconds);
      for (const [from, to] of windowsOf(segment, span)) {
        const verdict = analyse(cut(trace, from, to));
        hits.push(isAccepted(trace, segment, verdict));
        if (!hits.at(-1)!)
          misses.push(
            `${trace.name} ${from}-${to}: ${verdict.pattern}, labelled ${segment.pattern}`,
          );
      }
    }
    if (hits.length === 0) continue;
    perTrace.push(mean(hits.map(Number)));
    all.push(...hits);
  }
  return { perTrace, all };
}

function scoreMemory(traces: readonly Trace[]) {
  const tooLow: number[] = [];
  const over: number[] = [];
  for (const trace of traces) {
    const memory = trace.channels.memUsed;
    if (memory === undefined || trace.samplingSeconds * 24 > windowSeconds) continue;
    const end = memory.timesSeconds.at(-1)!;
    const start = memory.timesSeconds[0]!;
    for (let at = start + windowSeconds; at + windowSeconds <= end; at += windowSeconds) {
      const past = cut(trace, at - 600, at).channels.memUsed;
      const next = cut(trace, at, at + windowSeconds).channels.memUsed;
      const bound = nextMemoryMaximum(past, at, undefined);
      if (bound === null || next === undefined || next.values.length === 0) continue;
      const actual = Math.max(...next.values);
      tooLow.push(actual > bound ? 1 : 0);
      // On a nearly empty GPU the fixed margin is large in proportion and nothing in gigabytes.
      if (actual >= 1024) over.push(bound / actual - 1);
    }
  }
  return { tooLow, over };
}

function scoreCycleAhead(traces: readonly Trace[]) {
  const ours: number[] = [];
  const naive: number[] = [];
  for (const trace of traces) {
    for (const segment of trace.segments) {
      const util = cut(trace, segment.fromSeconds, segment.toSeconds).channels.util;
      const grid = util && toGrid(util);
      if (segment.periodSeconds === null || !grid) continue;
      const period = segment.periodSeconds / grid.stepSeconds;
      const count = Math.round(period);
      const errors: [number[], number[], number[]] = [[], [], []];
      for (let at = Math.ceil(2 * period); at + count <= grid.values.length; at += count) {
        const past = grid.values.subarray(0, at);
        const next = grid.values.subarray(at, at + count);
        const level = mean([...past.subarray(past.length - count)]);
        const copied = copyLastCycle(past, period, count) ?? new Float64Array(count).fill(level);
        const last = past.at(-1)!;
        errors[0].push(mean([...next].map((value, i) => Math.abs(value - copied[i]!))));
        errors[1].push(mean([...next].map((value) => Math.abs(value - last))));
        errors[2].push(mean([...next].map((value) => Math.abs(value - level))));
      }
      if (errors[0].length === 0) continue;
      ours.push(mean(errors[0]));
      naive.push(Math.min(mean(errors[1]), mean(errors[2])));
    }
  }
  return { mae: mean(ours), ratio: mean(ours) / mean(naive) };
}

/** The figures that the analysis is judged by, on the recorded traces. */
export function scoreTraces(traces: readonly Trace[]): TraceScore {
  const misses: string[] = [];
  const { right, busyOther, idle } = scorePeriods(traces, misses);
  const { perTrace, all } = scoreClasses(traces, misses);
  const { tooLow, over } = scoreMemory(traces);
  const ahead = scoreCycleAhead(traces);
  return {
    figures: {
      resolvableRightShare: mean(right.map(Number)),
      resolvableSegments: right.length,
      idleCalledCyclic: idle.filter(Boolean).length,
      idleWindows: idle.length,
      busyOtherCalledCyclic: busyOther.filter(Boolean).length,
      busyOtherSegments: busyOther.length,
      classAccuracyPerTrace: mean(perTrace),
      classAccuracyPerWindow: mean(all.map(Number)),
      classWindows: all.length,
      memoryTooLowShare: mean(tooLow),
      memoryOverAllocation: mean(over),
      memoryWindows: tooLow.length,
      cycleAheadRatio: ahead.ratio,
      cycleAheadMae: ahead.mae,
    },
    misses,
  };
}
