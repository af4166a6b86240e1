import type { Clock } from '../lib/clock.ts';
import { messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { deviceFamilies, liveFamilies, selfFamilies } from './catalogue.ts';
import { createDeviceLabels } from './device-labels.ts';
import type { Dialect, DeviceFamily, Observation } from './family.ts';
import { shownFamilies, type FamilyFilter } from './family-filter.ts';
import type { LiveFamily } from './families/live.ts';
import type { SelfFamily } from './families/self-family.ts';
import { gatherDevices, gatherSelf } from './gather.ts';
import { liveText } from './live-text.ts';
import { closeGzip, openGzip } from './open-gzip.ts';
import { Demand, type PreparedBody } from './prepared.ts';
import {
  contentTypes,
  expositionFormats,
  TextRegistry,
  type ExpositionFormat,
} from './registry.ts';
import type { RenderFigures, SelfObservation } from './self-observation.ts';
import { Slices } from '../lib/slices.ts';
import type { Snapshot } from '../sampling/snapshot.ts';

export interface ExpositionOptions {
  /** Value of the label `node`. */
  readonly node: string;
  /** Which families about devices are shown; those about this process always are. */
  readonly dialects: readonly Exclude<Dialect, 'self'>[];
  readonly filter: FamilyFilter;
  readonly clock: Clock;
  readonly log: Logger;
  /** Asked once per exposition. */
  readonly observe: () => Omit<Observation, 'labels'>;
  readonly observeSelf: () => Omit<SelfObservation, 'lastRender'>;
}

export interface Scrape {
  readonly body: Buffer;
  readonly contentType: string;
  readonly gzip: boolean;
}

/** How long a format or an encoding is prepared after somebody asked for it; scrape intervals are shorter. */
const demandMs = 150_000;
/** Longest stretch of work between two turns of the event loop. */
const sliceMs = 1;

/**
 * The text of /metrics: prepared once per snapshot, in slices, and handed out as it is, but for its last lines, which tell how
 * old it is: when nothing new can be prepared, what was prepared cannot know.
 */
export class Exposition {
  readonly #options: ExpositionOptions;
  readonly #labels: Observation['labels'];
  readonly #devices: Readonly<Record<ExpositionFormat, TextRegistry>>;
  readonly #self: Readonly<Record<ExpositionFormat, TextRegistry>>;
  readonly #deviceFamilies: readonly DeviceFamily[];
  readonly #selfFamilies: readonly SelfFamily[];
  readonly #liveFamilies: readonly LiveFamily[];
  readonly #demand = new Demand(demandMs);
  #bodies: Partial<Record<ExpositionFormat, PreparedBody>> = {};
  #scrapesTotal = 0;
  #lastRender: RenderFigures | null = null;
  /** The snapshot that was shown last, and when it was first shown; monotonic ms. */
  #shown: { readonly sequence: number; readonly sinceMs: number };
  /** What the last rendering failed with; null: it worked. */
  #failedWith: string | null = null;
  #rendering: Promise<void> | null = null;
  #outdated = false;

  constructor(options: ExpositionOptions) {
    this.#options = options;
    this.#shown = { sequence: -1, sinceMs: options.clock.monotonicMs() };
    this.#deviceFamilies = shownFamilies(deviceFamilies, options.filter).filter(({ dialect }) =>
      options.dialects.includes(dialect),
    );
    this.#selfFamilies = shownFamilies(selfFamilies, options.filter);
    this.#liveFamilies = shownFamilies(liveFamilies, options.filter);
    this.#labels = createDeviceLabels(options.node);
    this.#devices = {
      text: new TextRegistry('text', deviceFamilies),
      openmetrics: new TextRegistry('openmetrics', deviceFamilies),
    };
    this.#self = {
      text: new TextRegistry('text', selfFamilies),
      openmetrics: new TextRegistry('openmetrics', selfFamilies),
    };
  }

  /** There is something new to show. Renders one at a time; news during a rendering lead to one more. */
  refresh(): void {
    if (this.#rendering !== null) {
      this.#outdated = true;
      return;
    }
    this.#rendering = this.#renderAll().finally(() => {
      this.#rendering = null;
      if (!this.#outdated) return;
      this.#outdated = false;
      this.refresh();
    });
  }

  /** Age of the snapshot that the text was made from, ms; before the first, since the start. */
  ageMs(): number {
    return this.#options.clock.monotonicMs() - this.#shown.sinceMs;
  }

  /** Prepared bytes for one scrape, at once; a promise only when the format was not asked for lately. */
  scrape(format: ExpositionFormat, gzip: boolean): Scrape | Promise<Scrape> {
    const nowMs = this.#options.clock.monotonicMs();
    this.#scrapesTotal += 1;
    this.#demand.asked(format, nowMs);
    if (gzip) this.#demand.asked(`${format} gzip`, nowMs);
    const body = this.#bodies[format];
    return body === undefined ? this.#firstScrape(format, gzip) : this.#answer(format, body, gzip);
  }

  async #firstScrape(format: ExpositionFormat, gzip: boolean): Promise<Scrape> {
    // A rendering under way may have begun before this format was asked for, so there may be two to wait for.
    for (let i = 0; i < 2 && this.#bodies[format] === undefined; i += 1) {
      this.refresh();
      await this.#rendering;
    }
    const body = this.#bodies[format];
    if (body === undefined) throw new Error('the exposition could not be made; see the log');
    return this.#answer(format, body, gzip);
  }

  #answer(format: ExpositionFormat, body: PreparedBody, gzip: boolean): Scrape {
    const contentType = contentTypes[format];
    const end = Buffer.from(this.#end(format, body));
    if (!gzip) return { body: Buffer.concat([body.plain, end]), contentType, gzip };
    // Only the first scrape that asks for it has to wait: afterwards it is prepared.
    const start = body.gzip ?? openGzip(body.plain);
    if (body.gzip === null) this.#bodies[format] = { ...body, gzip: start };
    return { body: closeGzip(start, end), contentType, gzip };
  }

  #end(format: ExpositionFormat, { lastReadMs }: PreparedBody): string {
    const live = liveText(format, this.#liveFamilies, {
      scrapesTotal: this.#scrapesTotal,
      expositionAgeMs: this.ageMs(),
      readAgeMs: lastReadMs === null ? null : Math.max(0, this.#options.clock.now() - lastReadMs),
    });
    return live + this.#self[format].end;
  }

  async #renderAll(): Promise<void> {
    const { clock, log } = this.#options;
    const startedMs = clock.monotonicMs();
    const bodies: Partial<Record<ExpositionFormat, PreparedBody>> = {};
    let shown = this.#shown;
    try {
      for (const format of expositionFormats) {
        // The text format is always there for whoever comes first.
        if (format !== 'text' && !this.#demand.wants(format, startedMs)) continue;
        const { body, seriesCount, snapshot } = await this.#render(format);
        const wantsGzip = this.#demand.wants(`${format} gzip`, startedMs);
        const gzip = wantsGzip ? openGzip(body) : null;
        bodies[format] = { plain: body, gzip, lastReadMs: snapshot.source.lastSuccessMs };
        const durationMs = clock.monotonicMs() - startedMs;
        this.#lastRender = { durationMs, seriesCount, bodyBytes: body.length };
        if (snapshot.sequence > shown.sequence)
          shown = { sequence: snapshot.sequence, sinceMs: startedMs };
      }
      this.#bodies = bodies;
      this.#shown = shown;
      if (this.#failedWith !== null) log.info({}, 'exposition works again');
      this.#failedWith = null;
    } catch (error) {
      // Tried again with each snapshot: the same failure is told once.
      const message = messageOf(error);
      if (message !== this.#failedWith) log.error({ err: error }, 'exposition failed');
      this.#failedWith = message;
    }
  }

  async #render(
    format: ExpositionFormat,
  ): Promise<{ body: Buffer; seriesCount: number; snapshot: Snapshot }> {
    const { clock } = this.#options;
    const slices = new Slices(sliceMs, () => clock.monotonicMs());
    const observation = { ...this.#options.observe(), labels: this.#labels };
    const pieces: string[] = [];
    let seriesCount = 0;
    for (const found of gatherDevices(this.#deviceFamilies, observation)) {
      pieces.push(await this.#devices[format].text(found));
      seriesCount += found.samples.length;
      await slices.breathe();
    }
    const self = {
      ...this.#options.observeSelf(),
      lastRender: this.#lastRender,
    };
    for (const found of gatherSelf(this.#selfFamilies, self)) {
      pieces.push(await this.#self[format].text(found));
      seriesCount += found.samples.length;
    }
    await slices.breathe();
    return { body: Buffer.from(pieces.join('')), seriesCount, snapshot: observation.snapshot };
  }
}
