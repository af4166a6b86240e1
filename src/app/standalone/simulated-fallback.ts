import { SourceError, type GpuDevice, type GpuSource } from '../../gpu/source.ts';
import { messageOf } from '../../lib/errors.ts';

/**
 * The real source, or the simulated one for good when the real one cannot be opened at the first try, so that the
 * program shows something on a machine without a GPU. What is simulated says so.
 */
export function withSimulatedFallback(
  real: GpuSource,
  simulate: () => GpuSource,
  onFallback: (error: SourceError) => void,
): GpuSource {
  let current = real;
  let opened = false;
  const openFirst = async (signal: AbortSignal): Promise<readonly GpuDevice[]> => {
    try {
      return await real.open(signal);
    } catch (error) {
      if (signal.aborted) throw error;
      onFallback(error instanceof SourceError ? error : unexpected(error));
      current = simulate();
      return current.open(signal);
    }
  };
  return {
    get kind() {
      return current.kind;
    },
    get simulated() {
      return current.simulated;
    },
    get hung() {
      return real.hung || current.hung;
    },
    get longestCallMs() {
      return current.longestCallMs;
    },
    open: async (signal) => {
      const devices = opened ? await current.open(signal) : await openFirst(signal);
      opened = true;
      return devices;
    },
    cadence: () => current.cadence(),
    read: (tier, signal) => current.read(tier, signal),
    close: () => current.close(),
  };
}

function unexpected(error: unknown): SourceError {
  return new SourceError('driver_error', messageOf(error), { cause: error });
}
