import type { Clock } from '../../lib/clock.ts';
import type { PrometheusClient } from '../../prometheus/client.ts';
import type { ProblemBook } from './problem-book.ts';

/** Beyond this, ages of data as we see them and as the server sees them differ noticeably. */
const worthTellingMs = 30_000;
/** Bounds of the delay: samples scraped at a moment are there a little later. */
const delaySeconds = { least: 1, most: 15, unknown: 5 } as const;
/** Samples on their way at the last evaluation are fetched again: two scrapes, or this when the interval is not known yet. */
const overlapSeconds = { least: 5, unknown: 60 } as const;

export interface Moment {
  /** One moment for all queries of a read, Unix seconds by the server's clock. */
  readonly atSeconds: number;
  readonly overlapSeconds: number;
  /** Server's clock minus ours, ms. */
  readonly skewMs: number;
}

/**
 * The moment to ask for, by the server's clock: windows stay full whatever our own clock says.
 * It lies one scrape back, so that all targets have told about it.
 * @throws {PrometheusError} when the server does not answer: then nothing else needs to be asked.
 */
export async function serverMoment(
  client: PrometheusClient,
  clock: Clock,
  scrapeSeconds: number | null,
  signal: AbortSignal,
): Promise<Moment> {
  const beforeMs = clock.now();
  const serverSeconds = await client.serverTimeSeconds(signal);
  const skewMs = serverSeconds * 1_000 - (beforeMs + clock.now()) / 2;
  const { least, most, unknown } = delaySeconds;
  const delay =
    scrapeSeconds === null ? unknown : Math.min(most, Math.max(least, Math.ceil(scrapeSeconds)));
  return {
    atSeconds: Math.floor(serverSeconds) - delay,
    overlapSeconds:
      scrapeSeconds === null
        ? overlapSeconds.unknown
        : Math.max(overlapSeconds.least, Math.ceil(scrapeSeconds * 2)),
    skewMs,
  };
}

export function tellSkew(skewMs: number, problems: ProblemBook): void {
  if (Math.abs(skewMs) < worthTellingMs) return;
  problems.note({
    code: 'clock_skew',
    detail: `the clock of Prometheus is ${Math.round(Math.abs(skewMs) / 1_000)} s ${skewMs > 0 ? 'ahead of' : 'behind'} ours`,
    hint: 'Synchronise the clocks (NTP); ages are counted by the clock of Prometheus meanwhile.',
  });
}
