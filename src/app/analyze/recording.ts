import type { GpuUsage } from '../../analysis/verdict.ts';

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
}

/** Something that kept a source from being analysed, or part of it. */
export interface Trouble {
  readonly source: string;
  readonly message: string;
  readonly hint: string | undefined;
}
