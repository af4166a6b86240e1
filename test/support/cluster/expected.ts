/** What a right analysis says about one GPU of the cluster. */
export interface ExpectedGpu {
  readonly what: string;
  readonly jobType: 'DLT' | 'Others' | 'Empty';
  /** What is to be seen in scrapes every few seconds alone, where it is something else: a fast step looks steady there. */
  readonly jobTypeScraped?: 'Others';
  /** The true period; null where there is none, or where the recording cannot tell it from an alias. */
  readonly periodSeconds: number | null;
}

export interface NodePlan {
  readonly name: string;
  /** Flags of the collector that plays this node. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** By index of the GPU. */
  readonly gpus: readonly ExpectedGpu[];
}
