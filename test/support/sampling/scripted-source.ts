import type { GpuSource, ReadTier, SourceRead } from '../../../src/gpu/source.ts';
import type { Clock } from '../../../src/lib/clock.ts';

/** A source whose calls do what the test says. */
export class ScriptedSource implements GpuSource {
  readonly kind = 'nvml';
  readonly simulated = false;
  hung = false;
  longestCallMs = { open: 2_000, read: 2_000 };
  opens = 0;
  closes = 0;
  inFlight = 0;
  inFlightMax = 0;
  readonly reads: ReadTier[] = [];
  onOpen: () => Promise<void> = () => Promise.resolve();
  onClose: () => Promise<void> = () => Promise.resolve();
  onRead: (tier: ReadTier) => Promise<SourceRead | undefined> = () => Promise.resolve(undefined);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async open(): Promise<{ index: number; uuid: string; model: string; driverVersion: string }[]> {
    this.opens += 1;
    await this.onOpen();
    return [{ index: 0, uuid: 'GPU-0', model: 'Test GPU', driverVersion: '590.1' }];
  }

  tiers: ReturnType<GpuSource['cadence']> = {
    usage: { meanMs: 200, randomised: true },
    memory: { meanMs: 1_000, randomised: false },
    slow: null,
  };

  cadence(): ReturnType<GpuSource['cadence']> {
    return this.tiers;
  }

  async read(tier: ReadTier): Promise<SourceRead> {
    this.reads.push(tier);
    this.inFlight += 1;
    this.inFlightMax = Math.max(this.inFlightMax, this.inFlight);
    const given = await this.onRead(tier).finally(() => {
      this.inFlight -= 1;
    });
    const nowMs = this.#clock.now();
    const samples = { util: { timesMs: [nowMs], values: [80] } };
    return (
      given ?? {
        updates: [{ uuid: 'GPU-0', status: { up: true }, samples, readings: { utilPercent: 80 } }],
      }
    );
  }

  close(): Promise<void> {
    this.closes += 1;
    return this.onClose();
  }
}
