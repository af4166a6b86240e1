import type { GpuUsage } from '../../analysis/verdict.ts';
import type { Interruption } from '../../gpu/recorded-gpus.ts';

/** The usage of one GPU over some time, from a file or from Prometheus. */
export interface Recording {
  /** Where it is from: a path, or an address. */
  readonly source: string;
  /** Which GPU of it, for people; '' where there is only one without a name. */
  readonly gpu: string;
  readonly model: string | null;
  readonly usage: GpuUsage;
  /** seconds: from the start of the recording; unix: since 1970. */
  readonly timeBase: 'seconds' | 'unix';
  /** Of which the recording itself says why there are no samples. */
  readonly interruptions: readonly Interruption[];
}

/** Something that kept a source from being analysed, or part of it. */
export interface Trouble {
  readonly source: string;
  readonly message: string;
  readonly hint: string | undefined;
}

/** Something to know about a source that was analysed: a line left out, an assumption. */
export interface Remark {
  readonly source: string;
  /** Null: of the whole source. */
  readonly line: number | null;
  readonly message: string;
}
