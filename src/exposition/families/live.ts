import type { FamilyFacts, Value } from '../family.ts';
import { rounded } from '../number.ts';
import { selfFacts, type SelfFacts } from './self-family.ts';

/** What is known only when somebody asks: the rest of the text was made before. */
export interface LiveObservation {
  /** This one included. */
  readonly scrapesTotal: number;
  /** Of the snapshot that the text was made from. */
  readonly expositionAgeMs: number;
  /** Of the newest read in it; null before the first. */
  readonly readAgeMs: number | null;
}

/** One series without labels, its value taken at the scrape. */
export interface LiveFamily extends FamilyFacts {
  readonly dialect: 'self';
  value(live: LiveObservation): Value;
}

function live(facts: SelfFacts & Pick<LiveFamily, 'value'>): LiveFamily {
  return { ...selfFacts(facts, []), value: facts.value };
}

export const liveFamilies: readonly LiveFamily[] = [
  live({
    name: 'snapshot_age_seconds',
    help: 'Age of the newest read in this answer. Grows while a driver call hangs.',
    unit: 'seconds',
    absentWhen: 'nothing was read yet',
    value: ({ readAgeMs }) => (readAgeMs === null ? null : rounded(readAgeMs / 1_000)),
  }),
  live({
    name: 'exposition_age_seconds',
    help: 'Age of the snapshot that this answer was made from, a second at most while all is well. An answer older than five snapshots is 503.',
    unit: 'seconds',
    value: ({ expositionAgeMs }) => rounded(expositionAgeMs / 1_000),
  }),
  live({
    name: 'scrapes_total',
    type: 'counter',
    help: 'Requests of /metrics, this one included.',
    unit: '',
    value: ({ scrapesTotal }) => scrapesTotal,
  }),
];
