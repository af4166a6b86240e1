/** Keys of one node. */
export interface NodeKeys {
  readonly node: string;
  readonly keys: readonly string[];
}

export type LeftReason =
  /** dry run: nothing was tried. */
  | 'not_tried'
  /** A right is missing, or an admission policy says no. */
  | 'forbidden'
  /** The API server does not take the patch for another reason. */
  | 'refused'
  /** Somebody writes our keys again each time they are removed. */
  | 'written_again'
  /** The time was up, or the run was interrupted, before it worked. */
  | 'out_of_time';

export interface LeftNode extends NodeKeys {
  readonly reason: LeftReason;
  /** Why, in words; empty where the reason says it all. */
  readonly detail: string;
  readonly hint: string | undefined;
}

export interface CleanupReport {
  /** Nodes in the last list. */
  readonly nodes: number;
  readonly removed: readonly NodeKeys[];
  readonly left: readonly LeftNode[];
  /** Keys of our form that are not recorded as ours: somebody else's. */
  readonly others: readonly NodeKeys[];
  /** True: all nodes were listed after the last removal, and `left` and `others` are what that list showed. */
  readonly verified: boolean;
  /** Why it is not verified; null where it is, or where the time was up. */
  readonly problem: { readonly detail: string; readonly hint: string | undefined } | null;
}

export interface CleanupProgress {
  readonly listed: number;
  /** Nodes that had keys of ours when they were first listed. */
  readonly toClean: number;
  readonly cleaned: number;
}
