/** As many as ten minutes hold at 15 s: more than the analysis needs at least, so that it can say something. */
const wantedSamples = 40;
/** Windows grow in whole minutes, so that GPUs of about one interval are asked for together. */
const stepSeconds = 60;
/** Scrapes are never quite punctual: a spacing this near to the one before is the same, or windows would come and go, and be fetched whole each time. */
const alikeShare = 0.1;

export interface ScrapeIntervalsOptions {
  /** The shortest window, and that of a GPU whose interval is not known yet. */
  readonly windowSeconds: number;
  /** No window grows beyond. */
  readonly mostWindowSeconds: number;
}

/** How often each GPU (by gpuKey) is scraped, as its samples show, and how much of the past is therefore wanted of it. */
export class ScrapeIntervals {
  readonly #options: ScrapeIntervalsOptions;
  #spacingsMs: ReadonlyMap<string, number> = new Map();
  #medianSeconds: number | null = null;

  constructor(options: ScrapeIntervalsOptions) {
    this.#options = options;
  }

  /** Of the fleet; null before the first windows. */
  get medianSeconds(): number | null {
    return this.#medianSeconds;
  }

  secondsOf(gpu: string): number | null {
    const spacingMs = this.#spacingsMs.get(gpu);
    return spacingMs === undefined ? null : spacingMs / 1_000;
  }

  windowSeconds(gpu: string): number {
    const { windowSeconds, mostWindowSeconds } = this.#options;
    const wanted = wantedSamples * (this.secondsOf(gpu) ?? 0);
    if (wanted <= windowSeconds * (1 + alikeShare)) return windowSeconds;
    const grown = Math.ceil(wanted / stepSeconds) * stepSeconds;
    return Math.max(windowSeconds, Math.min(mostWindowSeconds, grown));
  }

  /** Takes in what windows show; GPUs that `isKnown` no more are forgotten. Returns those of which more is wanted than before. */
  learn(
    spacingsMs: ReadonlyMap<string, number>,
    isKnown: (gpu: string) => boolean,
  ): ReadonlySet<string> {
    const before = new Map([...spacingsMs.keys()].map((gpu) => [gpu, this.windowSeconds(gpu)]));
    const kept = new Map([...this.#spacingsMs].filter(([gpu]) => isKnown(gpu)));
    for (const [gpu, spacingMs] of spacingsMs) {
      const known = kept.get(gpu) ?? Number.NaN;
      if (!(Math.abs(spacingMs - known) <= alikeShare * known)) kept.set(gpu, spacingMs);
    }
    this.#spacingsMs = kept;
    if (spacingsMs.size > 0) {
      const sorted = Float64Array.from(spacingsMs.values()).sort();
      this.#medianSeconds = (sorted[sorted.length >> 1] ?? 0) / 1_000;
    }
    return new Set([...before].flatMap(([gpu, was]) => (this.windowSeconds(gpu) > was ? gpu : [])));
  }
}
