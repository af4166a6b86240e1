/** A sample in a matrix is `[1700000000.123,"97"],`; controllers-measured: 21.7 bytes on average. */
const bytesPerSample = 22;
const smallestTarget = 1_024;
/** What was delivered once is believed a little less with each refusal: limits may have been lowered since. */
const doubt = 0.9;

/**
 * How many series fit into one answer of the wanted size. Learns from each answer what labels and samples cost,
 * and from refusals how much the server gives at once.
 */
export class ShardSize {
  /** Never asked for more: halved when the server refused, and kept, because its limit stays. */
  #ceilingBytes: number;
  /** Wanted now: halved also when an answer was late, and regained with each that is not. */
  #targetBytes: number;
  /** The largest answer so far: one that is not much larger and is refused, is refused for another reason than its size. */
  #deliveredBytes = 0;
  #labelBytesPerSeries = 450;
  /** Pessimistic until the first answer: one sample each second. */
  #samplesPerSecond = 1;

  constructor(targetBytes: number) {
    this.#ceilingBytes = targetBytes;
    this.#targetBytes = targetBytes;
  }

  get targetBytes(): number {
    return this.#targetBytes;
  }

  /** Expected bytes of an answer; `windowSeconds` 0: an instant vector, one sample per series. */
  estimateBytes(seriesCount: number, windowSeconds: number): number {
    const samples = windowSeconds === 0 ? 1 : windowSeconds * this.#samplesPerSecond;
    return seriesCount * (this.#labelBytesPerSeries + bytesPerSample * samples);
  }

  learn(answer: { bytes: number; series: number; samples: number; windowSeconds: number }): void {
    const { bytes, series, samples, windowSeconds } = answer;
    if (this.#targetBytes < this.#ceilingBytes) {
      this.#targetBytes = Math.min(this.#ceilingBytes, this.#targetBytes * 1.25);
    }
    if (series < 1) return;
    this.#deliveredBytes = Math.max(this.#deliveredBytes, bytes);
    const labelBytes = Math.max(40, (bytes - bytesPerSample * samples) / series);
    this.#labelBytesPerSeries += (labelBytes - this.#labelBytesPerSeries) / 2;
    if (windowSeconds <= 0) return;
    const rate = samples / series / windowSeconds;
    this.#samplesPerSecond += (rate - this.#samplesPerSecond) / 2;
  }

  /** The server would not answer a query of about `estimatedBytes`; `forGood`: because of a limit, not because it was slow. */
  refused(estimatedBytes: number, forGood: boolean): void {
    const half = Math.max(smallestTarget, Math.min(this.#targetBytes, estimatedBytes) / 2);
    if (forGood) {
      this.#deliveredBytes *= doubt;
      if (this.#deliveredBytes >= half) return;
      this.#ceilingBytes = Math.min(this.#ceilingBytes, half);
    }
    this.#targetBytes = Math.min(this.#targetBytes, half);
  }
}
