import { surelyHasNoGpu } from '../../gpu/pci-addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import { every } from '../../lib/every.ts';
import type { Logger } from '../../lib/logger.ts';

export interface NodeHardwareOptions {
  readonly procRoot: string;
  readonly sysRoot: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Devices can be given to a virtual machine while it runs. */
const lookEveryMs = 30_000;

/** Whether the node has a GPU at all, as far as its system tells. */
export class NodeHardware {
  readonly #options: NodeHardwareOptions;
  #isWithoutGpu = false;

  constructor(options: NodeHardwareOptions) {
    this.#options = options;
  }

  /** True: surely none, so that nothing is missing when none can be read. */
  get isWithoutGpu(): boolean {
    return this.#isWithoutGpu;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    await every({
      clock,
      signal,
      nextDelayMs: () => lookEveryMs,
      run: async () => {
        this.#isWithoutGpu = await surelyHasNoGpu(this.#options);
      },
      onError: (error) => log.warn({ err: error }, 'the devices of the node cannot be looked at'),
    });
  }
}
