import { gzipSync } from 'node:zlib';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import { deviceFamilies, selfFamilies } from './catalogue.ts';
import { createDeviceLabels } from './device-labels.ts';
import type { Dialect, Observation } from './family.ts';
import { gatherDevices, gatherSelf } from './gather.ts';
import { Demand, type PreparedBody } from './prepared.ts';
import {
  contentTypes,
  expositionFormats,
  TextRegistry,
  type ExpositionFormat,
} from './registry.ts';
import type { RenderFigures, SelfObservation } from './self-observation.ts';
import { Slices } from '../lib/slices.ts';

export interface ExpositionOptions {
  /** Value of the label `node`. */
  readonly node: string;
  /** Which families about devices are shown; those about this process always are. */
  readonly dialects: readonly Exclude<Dialect, 'self'>[];
  readonly clock: Clock;
  readonly log: Logger;
  /** Asked once per exposition. */
  readonly observe: () => Omit<Observation, 'labels'>;
  readonly observeSelf: () => Omit<SelfObservation, 'scrapesTotal' | 'lastRender'>;
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
/** Level 2 takes half the time of level 6 and gives a body that is a tenth larger. */
const gzipLevel = 2;

/** The text of /metrics: prepared once per snapshot, in slices, and handed out as it is. */
export class Exposition {
  readonly #options: ExpositionOptions;
  readonly #labels: Observation['labels'];
  readonly #devices: Readonly<Record<ExpositionFormat, TextRegistry>>;
  readonly #self: Readonly<Record<ExpositionFormat, TextRegistry>>;
  readonly #demand = new Demand(demandMs);
  #bodies: Partial<Record<ExpositionFormat, PreparedBody>> = {};
  #scrapesTotal = 0;
  #lastRender: RenderFigures | null = null;
  #rendering: Promise<void> | null = null;
  #outdated = false;

  constructor(options: ExpositionOptions) {
    this.#options = options;
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
    if (!gzip) return { body: body.plain, contentType, gzip };
    if (body.gzip !== null) return { body: body.gzip, contentType, gzip };
    // Only the first scrape that asks for it comes here: afterwards it is prepared.
    const compressed = compress(body.plain);
    this.#bodies[format] = { plain: body.plain, gzip: compressed };
    return { body: compressed, contentType, gzip };
  }

  async #renderAll(): Promise<void> {
    const { clock, log } = this.#options;
    const startedMs = clock.monotonicMs();
    const bodies: Partial<Record<ExpositionFormat, PreparedBody>> = {};
    try {
      for (const format of expositionFormats) {
        // The text format is always there for whoever comes first.
        if (format !== 'text' && !this.#demand.wants(format, startedMs)) continue;
        const { body, seriesCount } = await this.#render(format);
        const wantsGzip = this.#demand.wants(`${format} gzip`, startedMs);
        const gzip = wantsGzip ? compress(body) : null;
        bodies[format] = { plain: body, gzip };
        const durationMs = clock.monotonicMs() - startedMs;
        this.#lastRender = { durationMs, seriesCount, bodyBytes: body.length };
      }
      this.#bodies = bodies;
    } catch (error) {
      log.error({ err: error }, 'exposition failed');
    }
  }

  async #render(format: ExpositionFormat): Promise<{ body: Buffer; seriesCount: number }> {
    const { clock, dialects } = this.#options;
    const slices = new Slices(sliceMs, () => clock.monotonicMs());
    const observation = { ...this.#options.observe(), labels: this.#labels };
    const pieces: string[] = [];
    let seriesCount = 0;
    for (const found of gatherDevices(observation, dialects)) {
      pieces.push(await this.#devices[format].text(found));
      seriesCount += found.samples.length;
      await slices.breathe();
    }
    const self = {
      ...this.#options.observeSelf(),
      scrapesTotal: this.#scrapesTotal,
      lastRender: this.#lastRender,
    };
    for (const found of gatherSelf(self)) {
      pieces.push(await this.#self[format].text(found));
      seriesCount += found.samples.length;
    }
    pieces.push(this.#self[format].end);
    await slices.breathe();
    return { body: Buffer.from(pieces.join('')), seriesCount };
  }
}

function compress(body: Buffer): Buffer {
  return gzipSync(body, { level: gzipLevel });
}
