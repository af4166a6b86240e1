import type { ProblemBook } from './problem-book.ts';

/** A node's clock may be this far ahead of that of Prometheus; what it dates later would not grow old while the skew lasts. */
const mostAheadSeconds = 60;
const mostNodesNamed = 5;

type AgeFault = 'verdict_from_future' | 'verdict_too_old' | 'collector_stuck';

const hints: Readonly<Record<AgeFault, string>> = {
  verdict_from_future:
    'The clocks of these nodes are ahead (or that of Prometheus is slow): synchronise them (NTP). Their samples are analysed here meanwhile.',
  verdict_too_old:
    'The clocks of these nodes are slow, or they are scraped too rarely: synchronise them (NTP), scrape at least once a minute. Their samples are analysed here meanwhile.',
  collector_stuck:
    'These collectors are scraped and judge no more: look at their logs and /readyz, and delete the pods. Their samples are analysed here meanwhile.',
};

interface Told {
  readonly asOfSeconds: number;
  /** Since when it has been told with this date. */
  readonly sinceSeconds: number;
}

/** Holds the dates of nodes' verdicts against the clock of Prometheus, from read to read, and says by node which cannot be used. */
export class VerdictAges {
  readonly #maxAgeSeconds: (gpu: string) => number;
  #told = new Map<string, Told>();
  #before = new Map<string, Told>();
  #atSeconds = Number.NaN;
  /** By fault, then by node: how many GPUs, and by how much the worst is off. */
  #faults = new Map<AgeFault, Map<string, { gpus: number; seconds: number }>>();

  /** `maxAgeSeconds`: by gpuKey; what is scraped rarely is always a little old. */
  constructor(maxAgeSeconds: (gpu: string) => number) {
    this.#maxAgeSeconds = maxAgeSeconds;
  }

  /** Begins a read. */
  begin(atSeconds: number): void {
    this.#before = this.#told;
    this.#told = new Map();
    this.#atSeconds = atSeconds;
    this.#faults = new Map();
  }

  isFresh(gpu: string, asOfSeconds: number): boolean {
    const ageSeconds = this.#atSeconds - asOfSeconds;
    return ageSeconds <= this.#maxAgeSeconds(gpu) && ageSeconds >= -mostAheadSeconds;
  }

  /** A verdict that `origin` tells now. */
  take(node: string, gpu: string, origin: string, asOfSeconds: number): void {
    const key = `${gpu}\0${origin}`;
    const before = this.#before.get(key);
    const same = before?.asOfSeconds === asOfSeconds ? before : null;
    const told = { asOfSeconds, sinceSeconds: same?.sinceSeconds ?? this.#atSeconds };
    this.#told.set(key, told);
    if (this.isFresh(gpu, asOfSeconds)) return;
    const ageSeconds = this.#atSeconds - asOfSeconds;
    const unchangedSeconds = this.#atSeconds - told.sinceSeconds;
    const isStuck = unchangedSeconds > this.#maxAgeSeconds(gpu);
    const fault = faultOf(ageSeconds, isStuck);
    const byNode = this.#faults.get(fault) ?? new Map<string, { gpus: number; seconds: number }>();
    const { gpus, seconds } = byNode.get(node) ?? { gpus: 0, seconds: 0 };
    byNode.set(node, { gpus: gpus + 1, seconds: Math.max(seconds, Math.abs(ageSeconds)) });
    this.#faults.set(fault, byNode);
  }

  tell(problems: ProblemBook): void {
    for (const [code, byNode] of this.#faults) {
      const off = code === 'verdict_from_future' ? 'ahead' : 'old';
      const named = [...byNode].slice(0, mostNodesNamed).map(([node, { gpus, seconds }]) => {
        const count = gpus === 1 ? '1 GPU' : `${gpus} GPUs`;
        return `${node} (${count}, ${Math.round(seconds)} s ${off})`;
      });
      const rest = byNode.size - named.length;
      const more = rest === 0 ? '' : ` and ${rest} more`;
      problems.note({ code, detail: `verdicts of ${named.join(', ')}${more}`, hint: hints[code] });
    }
  }
}

/** A slow clock goes on; a collector that judges no more repeats its last date. */
function faultOf(ageSeconds: number, isStuck: boolean): AgeFault {
  if (ageSeconds < 0) return 'verdict_from_future';
  return isStuck ? 'collector_stuck' : 'verdict_too_old';
}
