import {
  jobTypes,
  patterns,
  type Cycle,
  type PublishedVerdict,
  type UsageChannel,
} from '../../analysis/verdict.ts';
import type { Series } from '../../prometheus/client.ts';
import {
  nativeDialect,
  verdictFamilies,
  verdictPatternFamily,
  type VerdictNumber,
} from './native-dialect.ts';
import { originOf } from './roster.ts';

/** All families of a verdict. */
export const allVerdictFamilies: readonly string[] = [
  verdictPatternFamily,
  ...Object.values(verdictFamilies).map(({ family }) => family),
];

const numberOfFamily = new Map<string, VerdictNumber>(
  (Object.keys(verdictFamilies) as VerdictNumber[]).map((name) => [
    verdictFamilies[name].family,
    name,
  ]),
);

interface Draft {
  pattern: Readonly<Record<string, string>> | null;
  readonly numbers: Partial<Record<VerdictNumber, number>>;
}

const channels: readonly UsageChannel[] = ['util', 'memCopy', 'memUsed', 'power'];

/** Puts the series of verdicts, as they come in shards, together again. */
export class NodeVerdicts {
  readonly #drafts = new Map<string, Draft>();

  add(series: readonly Series[]): void {
    for (const { labels, points } of series) {
      const family = labels['__name__'] ?? '';
      const uuid = labels[nativeDialect.uuidLabels[0]];
      if (uuid === undefined) continue;
      const draft = this.#draft(`${uuid}\0${originOf(labels)}`);
      if (family === verdictPatternFamily) draft.pattern = labels;
      const name = numberOfFamily.get(family);
      const value = Number(points[0]?.[1]);
      if (name !== undefined && Number.isFinite(value)) {
        draft.numbers[name] = value * verdictFamilies[name].scale;
      }
    }
  }

  /** The verdict as one target tells it; null when it tells none, or only half of one. */
  find(uuid: string, origin: string): PublishedVerdict | null {
    const draft = this.#drafts.get(`${uuid}\0${origin}`);
    return draft === undefined ? null : verdictOf(draft);
  }

  #draft(key: string): Draft {
    let draft = this.#drafts.get(key);
    if (draft === undefined) {
      draft = { pattern: null, numbers: {} };
      this.#drafts.set(key, draft);
    }
    return draft;
  }
}

function verdictOf({ pattern: labels, numbers }: Draft): PublishedVerdict | null {
  if (labels === null) return null;
  const pattern = patterns.find((name) => name === labels['pattern']);
  const jobType = jobTypes.find((name) => name === labels['job_type']);
  const { asOfSeconds, confidence } = numbers;
  if (pattern === undefined || jobType === undefined) return null;
  if (asOfSeconds === undefined || confidence === undefined) return null;
  const cycle = pattern === 'cyclic' ? cycleOf(labels, numbers) : null;
  if (pattern === 'cyclic' && cycle === null) return null;
  const orNull = (name: VerdictNumber): number | null => numbers[name] ?? null;
  return {
    pattern,
    jobType,
    tentative: labels['tentative'] === 'true',
    cycle,
    confidence,
    asOfSeconds,
    sinceSeconds: numbers.sinceSeconds ?? asOfSeconds,
    windowSeconds: numbers.windowSeconds ?? 0,
    sampleCount: numbers.sampleCount ?? 0,
    memCopyMaxPercent: orNull('memCopyMaxPercent'),
    memUsedMaxMiB: orNull('memUsedMaxMiB'),
    utilMeanPercent: orNull('utilMeanPercent'),
    nextMemUsedMaxMiB: orNull('nextMemUsedMaxMiB'),
    nextUtilMeanPercent: orNull('nextUtilMeanPercent'),
    stall: numbers.stall === 1,
    ...(numbers.utilSpreadPercent === undefined
      ? {}
      : { utilSpreadPercent: numbers.utilSpreadPercent }),
    ...(numbers.watchedSinceSeconds === undefined
      ? {}
      : { watchedSinceSeconds: numbers.watchedSinceSeconds }),
  };
}

/** An apparent period has a family of its own. A node of an earlier version publishes none: it is NaN here. */
function cycleOf(
  labels: Readonly<Record<string, string>>,
  numbers: Draft['numbers'],
): Cycle | null {
  const channel = channels.find((name) => name === labels['channel']);
  const { cycles, dutyRatio, pValue, periodSeconds, periodMarginSeconds } = numbers;
  if (channel === undefined || cycles === undefined) return null;
  return {
    periodSeconds: periodSeconds ?? numbers.apparentPeriodSeconds ?? Number.NaN,
    publishable: labels['period_publishable'] === 'true' && periodSeconds !== undefined,
    periodMarginSeconds: periodMarginSeconds ?? Number.NaN,
    slowerPeriodSeconds: numbers.slowerPeriodSeconds ?? null,
    cycles,
    dutyRatio: dutyRatio ?? Number.NaN,
    channel,
    pValue: pValue ?? 1,
  };
}
