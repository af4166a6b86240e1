/** What a right analysis says about one GPU of the cluster. */
export interface ExpectedGpu {
  readonly what: string;
  readonly jobType: 'DLT' | 'Others' | 'Empty';
  /** The true period; null where there is none. */
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
