import { certainty } from '../../analysis/certainty.ts';
import { patternTerms } from '../../analysis/pattern-terms.ts';
import { jobTypes, patterns, type Pattern } from '../../analysis/verdict.ts';
import type { GpuReadings, VerdictView } from './gpu-view.ts';
import { lastingText, periodText } from './span-words.ts';
import type { UsageState } from './usage-state.ts';

/** What is said about one GPU in words: the page, the table, the text and the JSON all take theirs from here. */
export interface VerdictWords {
  /** `Repeats every 5.4 s`. */
  readonly headline: string;
  /** Goes with the headline; empty: nothing. */
  readonly note: string;
  /** Both: `Repeats every 5.4 s (typical of training; …)`, `Stalled: busy without …`. */
  readonly full: string;
  /** `cyclic 5.4 s, 94 %`. */
  readonly short: string;
  /** A sentence or two, without times of day, which are the reader's. */
  readonly explanation: string;
}

export interface Said {
  readonly state: UsageState;
  readonly verdict: VerdictView | null;
  readonly readings: GpuReadings;
  /** Why a GPU that is down is down. */
  readonly reason: string;
  readonly nowMs: number;
}

const meanings: Readonly<Partial<Record<UsageState, string>>> = {
  steady: 'Evenly busy, as serving or batch work is.',
  bursty: 'Busy in bursts with idle gaps.',
  transition: 'The level has just changed.',
  others: 'Busy, but without a pattern.',
  idle: 'Nothing runs and no memory is held.',
  unknown: 'There is no trustworthy data.',
};

export function verdictWords(said: Said): VerdictWords {
  const words = wordsOf(said);
  const { headline, note } = words;
  const noted = said.state === 'cyclic' ? `${headline} (${note})` : `${headline}: ${note}`;
  return { ...words, full: note === '' ? headline : noted };
}

type Parts = Omit<VerdictWords, 'full'>;

function wordsOf(said: Said): Parts {
  const { state, verdict, reason } = said;
  if (state === 'lost') return unread(reason);
  if (verdict === null || state === 'watching') {
    return {
      headline: 'Watching…',
      note: '',
      short: 'watching',
      explanation: 'A verdict needs about a minute of samples.',
    };
  }
  if (state === 'stalled') return stalled(said, verdict);
  if (state === 'held-idle') return heldIdle(said, verdict);
  if (state === 'cyclic') return cyclic(verdict);
  const term = patternTerms[patternOf(verdict)];
  return {
    headline: capital(term),
    note: '',
    short: `${term}, ${certainty(verdict.confidence)}`,
    explanation: `${meanings[state] ?? ''} ${sureOf('This', verdict)}`.trim(),
  };
}

/** `reason` begins with its code: not all that cannot be read has fallen off the bus. */
function unread(reason: string): Parts {
  const isLost = reason.startsWith('gpu_lost');
  const headline = isLost ? 'Lost' : 'No readings';
  return {
    headline,
    note: reason,
    short: `${headline.toLowerCase()}: ${reason}`,
    explanation: isLost
      ? 'It gives no readings until it is reset or the machine restarts. The kernel log says more: look for Xid.'
      : 'What it does is not known until it can be read again.',
  };
}

function stalled({ nowMs }: Said, verdict: VerdictView): Parts {
  return {
    headline: 'Stalled',
    note: 'busy without drawing power, probably a hung collective',
    short: `STALLED ${lastingText((nowMs - verdict.sinceMs) / 1000)}`,
    explanation:
      'The GPU says that it is fully busy but draws little power, as ranks do that wait for one that is gone. Look at the logs of the job on all its GPUs.',
  };
}

function heldIdle({ readings, nowMs }: Said, verdict: VerdictView): Parts {
  const lasting = lastingText((nowMs - verdict.sinceMs) / 1000);
  const held = readings.memoryUsedMiB;
  const memory = held === null ? 'memory' : `${(held / 1024).toFixed(1)} GiB`;
  return {
    headline: `Held idle for ${lasting}`,
    note: `${memory} held, nothing runs`,
    short: `held idle ${lasting}, ${certainty(verdict.confidence)}`,
    explanation: `Memory is held but nothing computes: the GPU is wasted. ${sureOf('This', verdict)}`,
  };
}

function cyclic(verdict: VerdictView): Parts {
  const { periodSeconds, apparentPeriodSeconds: apparent, tentative } = verdict;
  const sure = certainty(verdict.confidence);
  const verb = tentative ? 'Seems to repeat' : 'Repeats';
  const mark = tentative ? ' (tentative)' : '';
  const explanation = cycleExplanation(verdict);
  const typical = 'typical of training; batch inference looks the same';
  if (periodSeconds !== null) {
    const period = periodText(periodSeconds);
    return {
      headline: `${verb} every ${period}`,
      note: typical,
      short: `cyclic ${period}${mark}, ${sure}`,
      explanation,
    };
  }
  if (apparent !== null) {
    return {
      headline: `${verb}, about every ${periodText(apparent)}`,
      note: 'apparent: a faster cycle could look the same',
      short: `cyclic ~${periodText(apparent)}?${mark}, ${sure}`,
      explanation,
    };
  }
  const unresolved = verdict.periodUnresolved ? ', period unresolved' : '';
  return {
    headline: `${verb}${unresolved}`,
    note: typical,
    short: `cyclic${verdict.periodUnresolved ? ' (period unresolved)' : ''}${mark}, ${sure}`,
    explanation,
  };
}

/** Finer would claim more than two digits of the period say; and nothing is known within ± 0. */
const leastMarginSeconds = 0.01;

function cycleExplanation(verdict: VerdictView): string {
  const parts = [sureOf('That it repeats', verdict)];
  if (verdict.periodSeconds !== null && verdict.periodMarginSeconds !== null) {
    parts.push(
      `The period is within ± ${periodText(Math.max(leastMarginSeconds, verdict.periodMarginSeconds))}.`,
    );
  }
  if (verdict.slowerPeriodSeconds !== null) {
    parts.push(`A slower cycle of ${periodText(verdict.slowerPeriodSeconds)} lies on top.`);
  }
  if (verdict.periodSeconds === null && verdict.apparentPeriodSeconds !== null) {
    parts.push('Typical of training; batch inference looks the same.');
  }
  return parts.join(' ');
}

/** The confidence is that of the pattern, never of the job type that is derived from it. */
function sureOf(what: string, { confidence, jobType }: VerdictView): string {
  const job = jobTypes.find((known) => known === jobType) ?? 'Unknown';
  return `${what} is ${certainty(confidence)} sure; job type ${job}.`;
}

function patternOf({ pattern }: VerdictView): Pattern {
  return patterns.find((known) => known === pattern) ?? 'unknown';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
