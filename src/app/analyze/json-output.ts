import type { Verdict } from '../../analysis/verdict.ts';
import { heldIdle } from './held-idle.ts';
import type { Judged, Moment } from './judge.ts';
import type { Trouble } from './recording.ts';

/** One object with everything that was found; times in seconds of the recording's own base. A period that may be an alias is not in it. */
export function judgedAsJson(all: readonly Judged[], troubles: readonly Trouble[]): string {
  return `${JSON.stringify({ gpus: all.map(gpuObject), problems: troubles })}\n`;
}

function gpuObject(judged: Judged): object {
  const now = judged.timeline.at(-1)?.published;
  const { recording, end, cyclic, timeline, ...span } = judged;
  const { source, gpu, model, timeBase, usage } = recording;
  return {
    source,
    gpu,
    model,
    timeBase,
    sampling: usage.sampling,
    ...span,
    verdict: verdictObject(end.verdict),
    jobType: now?.jobType ?? null,
    sinceSeconds: now?.sinceSeconds ?? null,
    heldIdle: heldIdle(timeline),
    evidence: evidenceObjects(end),
    lastCycle:
      cyclic === null
        ? null
        : {
            atSeconds: cyclic.atSeconds,
            verdict: verdictObject(cyclic.verdict),
            evidence: evidenceObjects(cyclic),
          },
    timeline: timeline.map(({ fromSeconds, toSeconds, published }) => ({
      fromSeconds,
      toSeconds,
      pattern: published.pattern,
      jobType: published.jobType,
      ...periodOf(published),
    })),
  };
}

function periodOf({ cycle, tentative }: Verdict): object {
  const shown = cycle?.publishable === true ? cycle : null;
  return {
    periodSeconds: shown?.periodSeconds ?? null,
    // A number that is not known is null, as JSON has no NaN.
    periodMarginSeconds: shown?.periodMarginSeconds ?? null,
    slowerPeriodSeconds: shown?.slowerPeriodSeconds ?? null,
    periodUnresolved: cycle !== null && !cycle.publishable,
    tentative,
  };
}

function verdictObject(verdict: Verdict): object {
  const { cycle } = verdict;
  const facts = cycle && {
    cycles: cycle.cycles,
    dutyRatio: cycle.dutyRatio,
    channel: cycle.channel,
    pValue: cycle.pValue,
  };
  return { ...verdict, ...periodOf(verdict), cycle: facts };
}

function evidenceObjects({ evidence, verdict }: Moment): object[] {
  const hidden = verdict.cycle !== null && !verdict.cycle.publishable;
  return evidence.map((each) => ({
    ...each,
    // Hundreds of numbers that only a picture makes use of.
    correlation: undefined,
    periodSeconds: hidden ? null : each.periodSeconds,
  }));
}
