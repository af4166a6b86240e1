import type { PublishedVerdict } from '../analysis/verdict.ts';

/** What is known of one GPU of a node, ready to be rendered. */
export interface GpuFacts {
  /** The driver's. */
  readonly index: number;
  readonly uuid: string;
  readonly model: string | null;
  readonly driverVersion: string | null;
  readonly memoryTotalMiB: number | null;
  readonly pcieGenerationMax: number | null;
  readonly pcieWidthMax: number | null;
  readonly simulated: boolean;
  /** null (or pattern `insufficient`, `unknown`): nothing trustworthy at the moment. */
  readonly verdict: PublishedVerdict | null;
  /** Wall clock of the newest data that could be trusted, ms; the TTL counts from here. null: there never was any. */
  readonly trustedMs: number | null;
  /** The GPU instances of a GPU in MIG mode, by number; absent: none is known. */
  readonly instances?: readonly InstanceFacts[];
}

/** What is known of one GPU instance (a part of a GPU in MIG mode). */
export interface InstanceFacts extends Pick<GpuFacts, 'verdict' | 'trustedMs'> {
  readonly gpuInstanceId: number;
  /** Such as `3g.20gb`; empty where it is not told. */
  readonly profile: string;
}

/** A GPU that the annotations speak of but the data do not. */
export interface AbsentGpu {
  readonly index: number;
  /** Empty where only a key with its index is left. */
  readonly uuid: string;
  readonly trustedMs: number;
  /** The picture is complete and other GPUs of the node report: it was taken out, and is forgotten after the TTL. Otherwise it becomes Unknown. */
  readonly gone: boolean;
}
