import { GpuHoldersCache, type GpuHolders } from '../../attribution/gpu-holders.ts';
import { PodResources, type PodResourcesStatus } from '../../attribution/pod-resources.ts';
import type { Settings } from '../../config/options.ts';
import type { GpuDevice } from '../../gpu/source.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/logger.ts';

export interface PodAttributionOptions {
  readonly settings: Settings<'collector' | 'standalone'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Which container holds which of this node's GPUs. */
export class PodAttribution {
  readonly #podResources: PodResources | null;
  readonly #cache = new GpuHoldersCache();

  constructor({ settings, clock, log }: PodAttributionOptions) {
    this.#podResources = settings['pod-resources.enabled']
      ? new PodResources({
          socket: settings['pod-resources.socket'],
          intervalMs: settings['pod-resources.interval'],
          resources: settings['pod-resources.resources'],
          clock,
          log,
        })
      : null;
  }

  /** Until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#podResources?.run(signal);
  }

  status(): PodResourcesStatus {
    return this.#podResources?.status() ?? { up: false, reason: 'off', ageMs: null };
  }

  holders(devices: readonly GpuDevice[]): GpuHolders {
    return this.#cache.of(this.#podResources?.held() ?? null, devices);
  }
}
