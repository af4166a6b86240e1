/** Told about slow steps, one line each. */
export type Say = (line: string) => void;

/** One way to make a part that is neither given nor installed. */
export interface Way {
  /** What it does, for progress and for the error that lists what was tried: `building v1.36.3 with Go`. */
  readonly label: string;
  /** How long it usually takes: `3 min on two cores`. */
  readonly usually: string;
  /** Where an earlier run left its result, when this way leaves one in the cache. */
  readonly cached: string | undefined;
  /** Makes the part and returns the path of its executable; throws with the reason when this way is closed. */
  readonly make: (say: Say) => Promise<string>;
}
