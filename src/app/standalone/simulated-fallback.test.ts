import { describe, expect, it } from 'vitest';
import { createSimulatedSource } from '../../gpu/simulated-source.ts';
import { SourceError, type GpuSource } from '../../gpu/source.ts';
import { withSimulatedFallback } from './simulated-fallback.ts';

const { signal } = new AbortController();

function real(open: GpuSource['open']): GpuSource {
  return { ...createSimulatedSource({ gpus: 1 }), kind: 'nvml', simulated: false, open };
}

function wrapped(source: GpuSource): { source: GpuSource; errors: SourceError[] } {
  const errors: SourceError[] = [];
  const simulate = (): GpuSource => createSimulatedSource({ gpus: 2 });
  return { source: withSimulatedFallback(source, simulate, (error) => errors.push(error)), errors };
}

describe('app/standalone/simulated-fallback', () => {
  it('stands in for a source that cannot be opened, and says that it is simulated', async () => {
    const missing = new SourceError('library_missing', 'no driver');
    const { source, errors } = wrapped(real(() => Promise.reject(missing)));
    expect(source.simulated).toBe(false);
    expect(await source.open(signal)).toHaveLength(2);
    expect(source.kind).toBe('simulated');
    expect(source.simulated).toBe(true);
    expect(errors).toEqual([missing]);
    // For good: a later open does not go back to the real one.
    await source.close();
    expect(await source.open(signal)).toHaveLength(2);
    expect(errors).toHaveLength(1);
  });

  it('never replaces a real source that once worked', async () => {
    let opens = 0;
    const device = { index: 0, uuid: 'GPU-a', model: 'T4' };
    const { source, errors } = wrapped(
      real(() => {
        opens += 1;
        if (opens === 1) return Promise.resolve([device]);
        return Promise.reject(new SourceError('driver_not_loaded', 'driver unloaded'));
      }),
    );
    expect(await source.open(signal)).toEqual([device]);
    await expect(source.open(signal)).rejects.toThrow('driver unloaded');
    expect(source.simulated).toBe(false);
    expect(errors).toEqual([]);
  });
});
