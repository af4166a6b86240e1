import type { Verdict } from '../../analysis/verdict.ts';
import { gapAtEnd } from './gaps.ts';
import type { Judged, Moment } from './judge.ts';
import type { Remark, Trouble } from './recording.ts';
import type { Whole } from './whole.ts';

/**
 * One object with everything that was found; times in seconds of the recording's own base. A period that may be an alias is apparentPeriodSeconds, never periodSeconds.
 */
export function judgedAsJson(
  all: readonly Judged[],
  {
    troubles,
    remarks,
  }: { readonly troubles: readonly Trouble[]; readonly remarks: readonly Remark[] },
): string {
  return `${JSON.stringify({ gpus: all.map(gpuObject), problems: troubles, notes: remarks })}\n`;
}

function gpuObject(judged: Judged): object {
  const now = judged.timeline.at(-1)?.published;
  const gap = gapAtEnd(judged);
  const { recording, end, cyclic, timeline, gaps, whole, stepSeconds, ...span } = judged;
  const { source, gpu, model, timeBase, usage } = recording;
  return {
    source,
    gpu,
    model,
    timeBase,
    sampling: usage.sampling,
    ...span,
    lookEverySeconds: stepSeconds,
    whole: wholeObject(whole),
    verdict: verdictObject(end.verdict),
    jobType: now?.jobType ?? null,
    sinceSeconds: now?.sinceSeconds ?? null,
    // Where the recording ends without samples, verdict and jobType are of the time before.
    endsWithout: gap === null ? null : { kind: gap.kind, sinceSeconds: gap.fromSeconds },
    heldIdle: whole.heldIdle,
    evidence: evidenceObjects(end),
    lastCycle:
      cyclic === null
        ? null
        : {
            atSeconds: cyclic.atSeconds,
            verdict: verdictObject(cyclic.verdict),
            evidence: evidenceObjects(cyclic),
          },
    gaps,
    timeline: timeline.map(({ fromSeconds, toSeconds, published }) => ({
      fromSeconds,
      toSeconds,
      pattern: published.pattern,
      jobType: published.jobType,
      stall: published.stall,
      ...periodOf(published),
    })),
  };
}

function wholeObject({
  coveredSeconds,
  states,
  periods,
  heldIdle: held,
  ...totals
}: Whole): object {
  return {
    coveredSeconds,
    patterns: states.map(({ seconds, ...state }) => ({ ...state, hours: seconds / 3600 })),
    periods: periods.map(({ periodSeconds, marginSeconds, isApparent, seconds, share }) => ({
      periodSeconds: isApparent ? null : periodSeconds,
      periodMarginSeconds: isApparent ? null : marginSeconds,
      apparentPeriodSeconds: isApparent ? periodSeconds : null,
      hours: seconds / 3600,
      share,
    })),
    heldIdleHours: held === null ? 0 : held.gpuHours,
    ...totals,
  };
}

function periodOf({ cycle, tentative }: Verdict): object {
  const shown = cycle?.publishable === true ? cycle : null;
  return {
    periodSeconds: shown?.periodSeconds ?? null,
    // A number that is not known is null, as JSON has no NaN.
    periodMarginSeconds: shown?.periodMarginSeconds ?? null,
    slowerPeriodSeconds: shown?.slowerPeriodSeconds ?? null,
    apparentPeriodSeconds: cycle === null || shown !== null ? null : cycle.periodSeconds,
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
