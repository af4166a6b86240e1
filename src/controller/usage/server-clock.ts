import type { Clock } from '../../lib/clock.ts';
import type { PrometheusClient, ServerTime } from '../../prometheus/client.ts';
import type { ProblemBook } from './problem-book.ts';

/** Beyond this, ages of data as we see them and as the server sees them differ noticeably. */
const worthTellingMs = 30_000;
/** Bounds of the delay: samples scraped at a moment are there a little later. */
const delaySeconds = { least: 1, most: 15, unknown: 5 } as const;
/** Samples on their way at the last evaluation are fetched again: two scrapes, or this when the interval is not known yet. */
const overlapSeconds = { least: 5, unknown: 60 } as const;
/** Two clocks that differ by no more agree; VictoriaMetrics answers as of 30 s ago (-search.latencyOffset). */
const agreeSeconds = 60;
/** A Date header tells whole seconds. */
const dateResolutionSeconds = 2;
/** A time that nothing speaks for is believed once it has been told so often in a row, alike to within `alikeSeconds`. */
const insistence = 3;
const alikeSeconds = 5;
/** The same time to the millisecond so long after is an old answer told again, by a cache on the way. */
const repeatedAfterSeconds = 5;

export interface Moment {
  /** One moment for all queries of a read, Unix seconds by the server's clock. */
  readonly atSeconds: number;
  readonly overlapSeconds: number;
  /** Server's clock minus ours, ms. */
  readonly skewMs: number;
}

/**
 * The moments to ask for, by the server's clock: windows stay full whatever our own clock says. An answer that jumps against our
 * monotonic clock is believed if the Date header of the answer has jumped with it, else only when it is told again and again:
 * one false answer must not take the fleet out of view. An answer told again by a cache is not believed at all: the fleet would stand still.
 */
export class ServerClock {
  readonly #client: PrometheusClient;
  readonly #clock: Clock;
  /** Server's time minus our monotonic clock as last believed, s. */
  #offsetSeconds: number | null = null;
  #doubted = { offsetSeconds: Number.NaN, count: 0 };
  /** The newest answer and when it first came, s of our monotonic clock. */
  #told = { seconds: Number.NaN, monotonicSeconds: Number.NaN };
  #lastAtSeconds = -Infinity;

  constructor(client: PrometheusClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /**
   * It lies one scrape back, so that all targets have told about it.
   * @throws {PrometheusError} when the server does not answer: then nothing else needs to be asked.
   */
  async moment(
    scrapeSeconds: number | null,
    problems: ProblemBook,
    signal: AbortSignal,
  ): Promise<Moment> {
    const wallMs = this.#clock.now();
    const monotonicMs = this.#clock.monotonicMs();
    const told = await this.#client.serverTime(signal);
    // It answered in between.
    const ours = {
      wallSeconds: (wallMs + this.#clock.now()) / 2_000,
      monotonicSeconds: (monotonicMs + this.#clock.monotonicMs()) / 2_000,
    };
    const seconds = this.#believed(told, ours, problems);
    const skewMs = (sampleClock(seconds, told.dateSeconds) - ours.wallSeconds) * 1_000;
    tellSkew(skewMs, problems);
    return {
      atSeconds: this.#notBack(Math.floor(seconds) - delayOf(scrapeSeconds)),
      overlapSeconds:
        scrapeSeconds === null
          ? overlapSeconds.unknown
          : Math.max(overlapSeconds.least, Math.ceil(scrapeSeconds * 2)),
      skewMs,
    };
  }

  /** What the server told, or, where that is not believed, what was to be expected. */
  #believed(told: ServerTime, ours: OurTime, problems: ProblemBook): number {
    const { monotonicSeconds } = ours;
    if (this.#isRepeated(told, monotonicSeconds) && this.#offsetSeconds !== null) {
      problems.incomplete({
        code: 'server_time_repeated',
        detail: `Prometheus says that it is ${told.seconds} s Unix time, as it did ${Math.round(monotonicSeconds - this.#told.monotonicSeconds)} s ago`,
        hint: 'The data are read as of the expected time. A proxy or cache in front of Prometheus answers with what it kept: it must pass /api/v1/query on.',
      });
      return monotonicSeconds + this.#offsetSeconds;
    }
    const offsetSeconds = told.seconds - monotonicSeconds;
    const expected = this.#offsetSeconds ?? firstExpected(told, ours);
    if (expected === null || agree(offsetSeconds, expected) || this.#isMeant(told, offsetSeconds)) {
      this.#offsetSeconds = offsetSeconds;
      this.#doubted = { offsetSeconds: Number.NaN, count: 0 };
      return told.seconds;
    }
    const jump = Math.round(offsetSeconds - expected);
    problems.incomplete({
      code: 'server_time_jumped',
      detail: `Prometheus says that it is ${Math.abs(jump)} s ${jump > 0 ? 'later' : 'earlier'} than its answers so far, or their Date header, let expect`,
      hint: `The data are read as of the expected time; told ${insistence} times in a row, the new time is believed. Look at the clock of Prometheus (NTP) and at a proxy or cache in front of it.`,
    });
    return monotonicSeconds + expected;
  }

  #isRepeated({ seconds }: ServerTime, monotonicSeconds: number): boolean {
    if (seconds !== this.#told.seconds) this.#told = { seconds, monotonicSeconds };
    return monotonicSeconds - this.#told.monotonicSeconds > repeatedAfterSeconds;
  }

  #isMeant({ seconds, dateSeconds }: ServerTime, offsetSeconds: number): boolean {
    if (this.#offsetSeconds !== null && dateSeconds !== null && agree(seconds, dateSeconds)) {
      return true;
    }
    const isAlike = Math.abs(offsetSeconds - this.#doubted.offsetSeconds) <= alikeSeconds;
    this.#doubted = { offsetSeconds, count: isAlike ? this.#doubted.count + 1 : 1 };
    return this.#doubted.count >= insistence;
  }

  /** The delay may have become longer; going back that little would fetch nothing new. A clock that was put right is followed. */
  #notBack(atSeconds: number): number {
    const back = this.#lastAtSeconds - atSeconds;
    if (!(back > 0 && back <= delaySeconds.most)) this.#lastAtSeconds = atSeconds;
    return this.#lastAtSeconds;
  }
}

interface OurTime {
  readonly wallSeconds: number;
  readonly monotonicSeconds: number;
}

/** At the first look only a Date header that agrees with our own clock speaks against the answer. */
function firstExpected({ dateSeconds }: ServerTime, ours: OurTime): number | null {
  if (dateSeconds === null || !agree(dateSeconds, ours.wallSeconds)) return null;
  return dateSeconds - ours.monotonicSeconds;
}

/** The clock that stamps samples. A server that answers as of a little while ago is not slow: its Date header tells the time. */
function sampleClock(seconds: number, dateSeconds: number | null): number {
  const behind = dateSeconds === null ? 0 : dateSeconds - seconds;
  const isLate = behind > dateResolutionSeconds && behind <= agreeSeconds;
  return isLate ? seconds + behind + 0.5 : seconds;
}

function agree(aSeconds: number, bSeconds: number): boolean {
  return Math.abs(aSeconds - bSeconds) <= agreeSeconds;
}

function delayOf(scrapeSeconds: number | null): number {
  const { least, most, unknown } = delaySeconds;
  if (scrapeSeconds === null) return unknown;
  return Math.min(most, Math.max(least, Math.ceil(scrapeSeconds)));
}

function tellSkew(skewMs: number, problems: ProblemBook): void {
  if (Math.abs(skewMs) < worthTellingMs) return;
  problems.note({
    code: 'clock_skew',
    detail: `the clock of Prometheus is ${Math.round(Math.abs(skewMs) / 1_000)} s ${skewMs > 0 ? 'ahead of' : 'behind'} ours`,
    hint: 'Synchronise the clocks (NTP); ages are counted by the clock of Prometheus meanwhile.',
  });
}
